/** How many ms tasks wait for a daemon before it is told that there is none. */
const patience = 5000;

/** Warns, once, when tasks wait and no daemon of their profile is there: it may be the name of another one. */
export class Unattended {
  readonly #compute: string;
  readonly #isConnected: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #hasWarned = false;

  constructor(compute: string, isConnected: () => boolean) {
    this.#compute = compute;
    this.#isConnected = isConnected;
  }

  /** @param isSo whether tasks wait and nobody is there, to be told whenever that may have changed */
  look(isSo: boolean): void {
    if (!isSo) this.stop();
    else if (!this.#hasWarned) this.#timer ??= setTimeout(() => this.#warn(), patience).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #warn(): void {
    this.#timer = undefined;
    // Who is cut off from the server hears of nobody.
    if (!this.#isConnected()) {
      this.look(true);
      return;
    }
    this.#hasWarned = true;
    const name = JSON.stringify(this.#compute);
    process.emitWarning(`tasks of the profile ${name} wait, and no daemon of it is there`, 'MiraiWarning');
  }
}
