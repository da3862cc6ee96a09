import type { KeptResults } from './kept-results.js';
import type { Collector } from './key-follower.js';

/** Those who wait for results by their keys, and not for tasks of this host. */
export class Collections {
  /** What ends each of them with an error. */
  readonly #open = new Set<(error: Error) => void>();
  readonly #changed: () => void;

  /** @param changed it is called when there is one more, or one less */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @returns stops that */
  add(kept: KeptResults, key: string, { take, fail }: Collector): () => void {
    const reject = (error: Error) => {
      stop();
      fail(error);
    };
    const over = () => {
      if (this.#open.delete(reject)) this.#changed();
    };
    const unfollow = kept.wait(key, {
      take: (end) => {
        over();
        take(end);
      },
      fail: reject,
    });
    const stop = () => {
      unfollow();
      over();
    };
    this.#open.add(reject);
    this.#changed();
    return stop;
  }

  rejectAll(error: Error): void {
    for (const reject of [...this.#open]) reject(error);
  }
}
