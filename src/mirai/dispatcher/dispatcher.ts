import { Backlog } from './backlog.js';
import { Barriers } from './barriers.js';
import type { Decisions, DispatcherOptions } from './decisions.js';
import { Durations } from './durations.js';
import type { Hand } from './hand.js';
import type { Barrier, Job, Ticket } from './job.js';
import { OneByOne } from './one-by-one.js';
import { halfOfTheMost, inTurn, withRoom } from './placement.js';
import { Roster } from './roster.js';

/**
 * Decides which daemon runs which job when. A pure state machine: its methods are the events, with the time in ms where
 * it matters, and `Decisions` is what comes of them.
 *
 * Jobs start in the order of submission, each on a daemon that is idle. Where those before it are known to be short, a job
 * is sent ahead behind them, and recalled when that turns out wrong.
 */
export class Dispatcher<J extends Job> {
  readonly #decide: Decisions<J>;
  readonly #direct: boolean;
  readonly #backlog: Backlog<J>;
  readonly #durations = new Durations();
  readonly #roster: Roster<J>;
  readonly #barriers: Barriers<J>;
  readonly #events = new OneByOne();

  constructor(decide: Decisions<J>, options: DispatcherOptions) {
    this.#decide = decide;
    this.#direct = options.direct;
    this.#backlog = new Backlog(options.memory);
    this.#roster = new Roster(decide, this.#backlog, options);
    this.#barriers = new Barriers(decide, this.#backlog, this.#roster, options);
  }

  get memory(): { used: number; peak: number; capacity: number } {
    return this.#backlog.memory;
  }

  /** Cancelled jobs count as completed at once. */
  get counts(): { awaiting: number; executing: number; completed: number } {
    return this.#backlog.counts;
  }

  /** How many jobs are not over. */
  get live(): number {
    return this.#backlog.live;
  }

  /** Whether a job waits that no daemon has in hand. */
  get hasWaiting(): boolean {
    return this.#backlog.first !== undefined;
  }

  hands(): ReadonlyMap<number, Readonly<Hand<J>>> {
    return this.#roster.hands;
  }

  submit(job: J, now: number): Ticket<J> {
    const ticket = this.#backlog.add(job);
    this.#take(now);
    return ticket;
  }

  /** Whether a job of this size would not have to wait for memory. */
  admits(bytes: number): boolean {
    return this.#backlog.admits(bytes);
  }

  /**
   * Puts a barrier into the queue: a job for each daemon, all of which have to end before anything submitted later starts.
   *
   * @param make gives the job of a daemon: at once for those that are there, when they join for those that come later
   * @param min how many daemons have to end theirs, at least
   */
  everywhere(make: (daemon: number) => J, min: number, now: number): Barrier<J> {
    const barrier = this.#backlog.addBarrier(make, min);
    for (const { daemon, left } of this.#roster.hands.values())
      if (!left) this.#barriers.open(barrier, daemon);
    this.#take(now);
    return barrier;
  }

  join(daemon: number, now: number): void {
    this.#take(now, () => {
      const hand = this.#roster.add(daemon);
      this.#barriers.join(hand);
      this.#roster.free(hand, now);
    });
  }

  /** The daemon has ended the job, which took `ran` ms. */
  finished(daemon: number, ticket: Ticket<J>, ran: number, now: number): void {
    this.#take(now, () => {
      const hand = this.#roster.hands.get(daemon);
      if (!hand || ticket.daemon !== daemon) return;
      hand.completed++;
      if (ticket.place !== 'over') {
        this.#durations.learn(ticket.job.kind, ran);
        if (ticket.barrier) ticket.barrier.ran++;
        this.#settle(ticket);
        if (ticket.barrier) this.#barriers.tell(ticket.barrier);
      }
      this.#roster.release(hand, ticket, now);
      if (!this.#direct) this.#roster.recallStale(now);
    });
  }

  /** Of the jobs that it was asked for the daemon gives these back; the others it has started. */
  recalled(daemon: number, asked: readonly Ticket<J>[], given: ReadonlySet<Ticket<J>>, now: number): void {
    this.#take(now, () => {
      const hand = this.#roster.hands.get(daemon);
      for (const ticket of asked) {
        if (!hand || ticket.daemon !== daemon) continue; // it has ended meanwhile
        if (!given.has(ticket)) {
          ticket.recall = 'refused';
          if (ticket.place === 'over') this.#decide.abort(daemon, ticket);
          continue;
        }
        if (!ticket.barrier) hand.sent--;
        if (ticket.place !== 'over') this.#backlog.putBack(ticket);
        this.#roster.release(hand, ticket, now);
      }
    });
  }

  /**
   * The job is not wanted any more: it never starts, or its daemon is asked to end it.
   *
   * @returns whether it was still on its way
   */
  cancel(ticket: Ticket<J>, now: number): boolean {
    if (ticket.place === 'over') return false;
    if (ticket.barrier) ticket.barrier.ran++;
    this.#settle(ticket);
    this.#take(now, () => {
      if (ticket.barrier) this.#barriers.tell(ticket.barrier);
      const { daemon, recall } = ticket;
      if (daemon === undefined || recall === 'asked') return;
      if (recall === 'refused') this.#decide.abort(daemon, ticket);
      else this.#roster.recall(daemon, [ticket]);
    });
    return true;
  }

  /** Nothing more is sent to the daemon: it leaves when its hand is empty. */
  retire(daemon: number, now: number): void {
    this.#take(now, () => {
      const hand = this.#roster.hands.get(daemon);
      if (!hand || hand.retired) return;
      hand.retired = true;
      if (!this.#direct) this.#roster.recall(daemon, hand.unstarted());
      if (hand.tickets.length === 0) this.#roster.free(hand, now);
    });
  }

  /**
   * The daemon is gone, orderly or not.
   *
   * @param wasRunning whether it had started a job that it had in hand; those that it had not go to other daemons
   */
  lost(daemon: number, wasRunning: (ticket: Ticket<J>) => boolean, now: number): void {
    this.#take(now, () => {
      const hand = this.#roster.hands.get(daemon);
      if (!hand) return;
      this.#roster.remove(hand);
      for (const ticket of hand.tickets) {
        ticket.daemon = undefined;
        ticket.recall = undefined;
        if (ticket.place === 'over') continue;
        if (wasRunning(ticket)) ticket.losses++;
        if (ticket.barrier || ticket.job.pinned || ticket.losses > ticket.job.retries) this.#lose(ticket);
        else this.#backlog.putBack(ticket);
      }
      for (const ticket of hand.arrears) this.#lose(ticket);
      for (const { open } of this.#backlog.barriers) {
        const part = open.get(daemon);
        if (part) this.#lose(part);
      }
    });
  }

  /** Takes back what was sent ahead behind a job that turned out to be long. */
  recallStale(now: number): void {
    this.#take(now, () => this.#roster.recallStale(now));
  }

  /** Forgets all jobs and daemons, and returns the jobs that were not over. What `everywhere()` was for stays. */
  clear(): Ticket<J>[] {
    this.#roster.clear();
    return this.#backlog.clear();
  }

  #take(now: number, event?: () => void): void {
    this.#events.run(() => {
      event?.();
      this.#dispatch(now);
    });
  }

  #dispatch(now: number): void {
    for (let next = this.#backlog.first; next; next = this.#backlog.first) {
      if (next.kind === 'barrier') {
        if (!this.#barriers.pass(next, now)) break;
        continue;
      }
      const hands = this.#roster.hands.values();
      const [idle] = this.#roster.idle;
      const hand = this.#direct ? inTurn(hands) : (idle ?? withRoom(hands, next.job, this.#durations, now));
      if (!hand) break;
      this.#backlog.shift();
      this.#roster.send(hand, next, now);
    }
    if (this.#direct || this.#roster.idle.size === 0) return;
    const ahead = halfOfTheMost(this.#roster.hands.values());
    const daemon = ahead[0]?.daemon;
    if (daemon !== undefined) this.#roster.recall(daemon, ahead);
  }

  #settle(ticket: Ticket<J>): void {
    this.#backlog.settle(ticket);
    this.#barriers.close(ticket);
  }

  #lose(ticket: Ticket<J>): void {
    if (ticket.place === 'over') return;
    this.#settle(ticket);
    this.#decide.lose(ticket);
    if (ticket.barrier) this.#barriers.tell(ticket.barrier);
  }
}
