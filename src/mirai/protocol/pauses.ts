/** What a pause counts at most, in ms: one long one is soon forgotten. */
const longest = 1;

/** Of what the last pause counts in the average. */
const weight = 0.2;

/**
 * The pauses of a daemon between its tasks, or of a host until it hears of their ends, by which it is known whether what comes next is
 * worth staying awake for.
 */
export class Pauses {
  #average = 0;
  #since: number | undefined;

  /** @param now in ms; only the first time in a pause counts */
  begin(now: number): void {
    this.#since ??= now;
  }

  end(now: number): void {
    if (this.#since === undefined) return;
    const pause = Math.min(longest, now - this.#since);
    this.#since = undefined;
    this.#average += (pause - this.#average) * weight;
  }

  /** Whether the next one will be over within `ms`, as the last ones were. */
  areWithin(ms: number): boolean {
    return this.#average <= ms;
  }
}
