const over = Promise.resolve();

/** Calls a function once at the end of the turn in which it was asked for, however often that was. */
export class AtTheEnd {
  readonly #fn: () => void;
  #isAsked = false;

  constructor(fn: () => void) {
    this.#fn = fn;
  }

  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    // Not by `queueMicrotask()`, which takes longer than all else that a task is submitted by.
    void over.then(() => {
      this.#isAsked = false;
      this.#fn();
    });
  }
}
