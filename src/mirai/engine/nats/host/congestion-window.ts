/** How many tasks may be under way, at least and at most. */
const least = 1;
const most = 4096;

/** What remains when tasks come back. */
const remains = 0.8;

/**
 * By how much it grows with each task that ends: twofold in a round at first. Once tasks have come back it grows a little in the first
 * round after that, and in each one more than in the round before, since there may be room again.
 */
const [quickly, slowly, faster] = [1, 0.02, 0.25];

/**
 * How many tasks a host sends straight to daemons before any of them ends, where a daemon that has too many hands tasks back: as many
 * as keep daemons busy, and come back seldom.
 *
 * Source: the congestion window of RFC 5681, with the growth of RFC 9438 in mind.
 */
export class CongestionWindow {
  #size = least;
  #growth = quickly;
  /** When tasks came back last, those not counted that were sent before the time before; in ms. */
  #narrowed = Number.NEGATIVE_INFINITY;

  get size(): number {
    return Math.floor(this.#size);
  }

  ended(): void {
    this.#growth = Math.min(quickly, this.#growth * (1 + faster / this.#size));
    this.#size = Math.min(most, this.#size + this.#growth);
  }

  /**
   * A task came back.
   *
   * @param sent when it was sent, in ms
   */
  returned(sent: number, now: number): void {
    // Once for all that were under way together.
    if (sent <= this.#narrowed) return;
    this.#narrowed = now;
    this.#size = Math.max(least, this.#size * remains);
    this.#growth = slowly;
  }
}
