import type { Backlog } from './backlog.js';
import type { Decisions, DispatcherOptions } from './decisions.js';
import type { Hand } from './hand.js';
import type { Barrier, Job, Ticket } from './job.js';
import type { Roster } from './roster.js';

/** What becomes of the barriers of `everywhere()`. */
export class Barriers<J extends Job> {
  readonly #decide: Decisions<J>;
  readonly #backlog: Backlog<J>;
  readonly #roster: Roster<J>;
  readonly #direct: boolean;
  /** Those that are behind all daemons: who joins later runs its parts first. */
  readonly #passed: Barrier<J>[] = [];

  constructor(decide: Decisions<J>, backlog: Backlog<J>, roster: Roster<J>, { direct }: DispatcherOptions) {
    this.#decide = decide;
    this.#backlog = backlog;
    this.#roster = roster;
    this.#direct = direct;
  }

  /** Gives the daemon its part of a barrier that waits, once. */
  open(barrier: Barrier<J>, daemon: number): void {
    if (!barrier.open.has(daemon)) barrier.open.set(daemon, this.#part(barrier, daemon));
  }

  /** Gives the daemon its parts of all barriers so far. */
  join(hand: Hand<J>): void {
    for (const barrier of this.#passed) hand.arrears.push(this.#part(barrier, hand.daemon));
    for (const barrier of this.#backlog.barriers) this.open(barrier, hand.daemon);
  }

  /** Sends the parts of the first barrier to daemons that are idle. @returns whether jobs behind it may start */
  pass(barrier: Barrier<J>, now: number): boolean {
    for (const hand of this.#direct ? this.#roster.hands.values() : [...this.#roster.idle]) {
      const part = barrier.open.get(hand.daemon);
      if (part?.place !== 'queue' || hand.arrears.includes(part)) continue;
      if (hand.arrears.length > 0) hand.arrears.push(part);
      else this.#roster.send(hand, part, now);
    }
    if (!this.#direct && !isOver(barrier)) return false;
    this.#backlog.shift();
    this.#passed.push(barrier);
    this.tell(barrier);
    return true;
  }

  /** The job is over: if it was a part, its barrier need not wait for it. */
  close(ticket: Ticket<J>): void {
    const { open } = ticket.barrier ?? {};
    for (const [daemon, part] of open ?? []) if (part === ticket) open?.delete(daemon);
  }

  /** Tells of a barrier that is behind all, once it is out of the queue. */
  tell(barrier: Barrier<J>): void {
    if (barrier.passed || !isOver(barrier) || this.#backlog.barriers.has(barrier)) return;
    barrier.passed = true;
    this.#decide.passed(barrier);
  }

  #part(barrier: Barrier<J>, daemon: number): Ticket<J> {
    return this.#backlog.ticket(barrier.make(daemon), barrier);
  }
}

/** Whether enough daemons have ended their parts, and all that were there. */
function isOver<J extends Job>({ open, ran, min }: Barrier<J>): boolean {
  return open.size === 0 && ran >= min;
}
