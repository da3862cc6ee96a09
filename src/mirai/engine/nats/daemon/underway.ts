/** What has been begun and is to be waited for at the end. */
export class Underway {
  readonly #all = new Set<Promise<void>>();

  add(done: Promise<void>): void {
    this.#all.add(done);
    void done.finally(() => this.#all.delete(done));
  }

  /** Resolves when there is nothing more. */
  async over(): Promise<void> {
    while (this.#all.size > 0) await Promise.all(this.#all);
  }
}
