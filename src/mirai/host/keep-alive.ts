/** The longest time that a timer takes, in ms. */
const longest = 2 ** 31 - 1;

/** Keeps the process alive while there is something to wait for. */
export class KeepAlive {
  readonly #timer = setInterval(() => undefined, longest).unref();
  #isSet = false;

  set(isSet: boolean): void {
    if (isSet === this.#isSet) return;
    this.#isSet = isSet;
    if (isSet) this.#timer.ref();
    else this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
