import { queueJob } from '../domain/jobs.js';

/** After so many turns in which nothing happens the count pauses, or else no timer would ever be due. */
const IDLE_TURNS = 16;

/**
 * Counts the turns of the job queue. What jobs queue belongs to the next turn, so a job that is queued first in a turn runs
 * first in the next one, and tells where that begins.
 */
export class Turns {
  turn = 0;
  /** The turn in which the counting was taken up again, after a timer or an event as a rule. */
  resumedIn = 0;
  #touched = 0;
  #isCounting = false;

  /** Something happens in this turn; none of the jobs that it queues is queued yet. */
  touch(): void {
    this.#touched = this.turn;
    if (this.#isCounting) return;
    this.#isCounting = true;
    this.resumedIn = this.turn;
    queueJob(this.#next);
  }

  readonly #next = (): void => {
    this.turn += 1;
    if (this.turn - this.#touched > IDLE_TURNS) this.#isCounting = false;
    else queueJob(this.#next);
  };
}
