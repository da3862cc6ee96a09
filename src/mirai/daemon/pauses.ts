/** What a pause counts at most, in ms: one long one is soon forgotten. */
const longest = 1;

/** Of what the last pause counts in the average. */
const weight = 0.2;

/** The pauses of a daemon between its tasks, by which it is known whether the next task is worth staying awake for. */
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

  /** Whether the next task will come within `ms`, as the last ones did. */
  areWithin(ms: number): boolean {
    return this.#average <= ms;
  }
}
