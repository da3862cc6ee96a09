import type { Durations } from './durations.js';
import type { Job, Ticket } from './job.js';

/** How many milliseconds of work a daemon is sent, at most, where more than one job at a time. */
const aheadTime = 1;

/** How many jobs a daemon has in hand, at most. */
const mostInHand = 256;

/** How many milliseconds its first job may run before a daemon is sent nothing more behind it. */
export const patience = 2;

/** A daemon, and the jobs it was sent in the order in which it runs them: the first one is running. */
export class Hand<J extends Job> {
  readonly daemon: number;
  readonly #maxTasks: number;
  readonly tickets: Ticket<J>[] = [];
  /** Its parts of the barriers that were passed before it joined, to be run before anything else. */
  readonly arrears: Ticket<J>[] = [];
  /** When the first one became the first. */
  since = 0;
  /** How many jobs it was sent, those given back and those of `everywhere()` not counted. */
  sent = 0;
  completed = 0;
  /** Nothing more is sent to it. */
  retired = false;
  left = false;
  /** Whether it is being sent more, until its window is full. */
  #filling = true;

  /** @param maxTasks how many jobs it is sent */
  constructor(daemon: number, maxTasks: number) {
    this.daemon = daemon;
    this.#maxTasks = maxTasks;
  }

  /** Whether it may be sent more. */
  get isOpen(): boolean {
    return !this.retired && this.sent < this.#maxTasks;
  }

  /**
   * Whether a job of this kind is over soon enough to be sent behind those in hand. Once the window is full it is no
   * until half of it is done, so that jobs travel together.
   */
  hasRoom(kind: string | number, durations: Durations, now: number): boolean {
    const { tickets } = this;
    // Those in hand are known to be short, else none had been sent behind them; only a lone one may be long.
    const last = tickets.at(-1);
    if (!last || this.isStale(now)) return false;
    const slowest = Math.max(durations.expected(kind), durations.expected(last.job.kind));
    const window = Math.min(mostInHand, Math.floor(aheadTime / slowest));
    if (tickets.length >= window) this.#filling = false;
    else if (tickets.length <= window / 2) this.#filling = true;
    return this.#filling;
  }

  isStale(now: number): boolean {
    return now - this.since > patience;
  }

  /** What may be asked back. */
  unstarted(): Ticket<J>[] {
    return this.tickets.filter(({ place, recall, barrier }) => place === 'sent' && !recall && !barrier);
  }
}
