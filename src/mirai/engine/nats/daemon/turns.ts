import type { HeldTask } from './held-task.js';

/** Tasks that are begun as soon as a slot has them: each waits until one is free, and goes its way before the next. */
export class Turns {
  readonly #isFree: () => boolean;
  readonly #waiting = new Map<HeldTask, () => void>();
  #current: HeldTask | undefined;

  /** @param isFree whether a slot has nothing to do */
  constructor(isFree: () => boolean) {
    this.#isFree = isFree;
  }

  /** Resolves when it is its turn, or when it is not wanted any more. */
  wait(held: HeldTask): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(held, resolve);
      this.next();
    });
  }

  has(held: HeldTask): boolean {
    return this.#waiting.has(held);
  }

  /** To be called when a slot may be free, and when a task has gone its way. */
  next(): void {
    for (const [held, go] of this.#waiting) {
      if (held.isWanted && (this.#isUnderWay || !this.#isFree())) continue;
      this.#waiting.delete(held);
      if (held.isWanted) this.#current = held;
      go();
    }
  }

  /** Whether one is on its way to the slot that is free. */
  get #isUnderWay(): boolean {
    return this.#current?.isWanted === true && !this.#current.task;
  }
}
