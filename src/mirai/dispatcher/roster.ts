import type { Backlog } from './backlog.js';
import type { Decisions, DispatcherOptions } from './decisions.js';
import { Hand, patience } from './hand.js';
import type { Job, Ticket } from './job.js';

/** The daemons that are there, and what they have in hand. */
export class Roster<J extends Job> {
  readonly hands = new Map<number, Hand<J>>();
  /** Those with nothing to do, the one that has waited longest first. */
  readonly idle = new Set<Hand<J>>();
  readonly #decide: Decisions<J>;
  readonly #backlog: Backlog<J>;
  readonly #maxTasks: number;
  #checkedForStale = 0;

  constructor(decide: Decisions<J>, backlog: Backlog<J>, { maxTasks }: DispatcherOptions) {
    this.#decide = decide;
    this.#backlog = backlog;
    this.#maxTasks = maxTasks;
  }

  add(daemon: number): Hand<J> {
    const hand = new Hand<J>(daemon, this.#maxTasks);
    this.hands.set(daemon, hand);
    return hand;
  }

  remove(hand: Hand<J>): void {
    this.hands.delete(hand.daemon);
    this.idle.delete(hand);
  }

  clear(): void {
    for (const { tickets } of this.hands.values()) for (const ticket of tickets) ticket.daemon = undefined;
    this.hands.clear();
    this.idle.clear();
  }

  send(hand: Hand<J>, ticket: Ticket<J>, now: number): void {
    this.idle.delete(hand);
    ticket.daemon = hand.daemon;
    ticket.place = 'sent';
    if (!ticket.barrier) hand.sent++;
    if (hand.tickets.push(ticket) === 1) this.#start(hand, now);
    this.#decide.send(hand.daemon, ticket);
  }

  /** The daemon does not have the job in hand any more. */
  release(hand: Hand<J>, ticket: Ticket<J>, now: number): void {
    const index = hand.tickets.indexOf(ticket);
    hand.tickets.splice(index, 1);
    ticket.daemon = undefined;
    ticket.recall = undefined;
    if (hand.tickets.length === 0) this.free(hand, now);
    else if (index === 0) this.#start(hand, now);
  }

  /** The hand is empty: what the daemon has to do before anything else comes now, or it is idle, or leaves. */
  free(hand: Hand<J>, now: number): void {
    const part = this.#nextPart(hand);
    if (part) this.send(hand, part, now);
    else if (hand.isOpen) this.idle.add(hand);
    else {
      this.idle.delete(hand);
      if (hand.left) return;
      hand.left = true;
      this.#decide.leave(hand.daemon);
    }
  }

  recall(daemon: number, tickets: readonly Ticket<J>[]): void {
    if (tickets.length === 0) return;
    for (const ticket of tickets) ticket.recall = 'asked';
    this.#decide.recall(daemon, tickets);
  }

  /** Takes back what was sent ahead behind a job that turned out to be long. */
  recallStale(now: number): void {
    if (now - this.#checkedForStale < patience / 2) return;
    this.#checkedForStale = now;
    for (const hand of this.hands.values()) {
      if (hand.tickets.length > 1 && hand.isStale(now)) this.recall(hand.daemon, hand.unstarted());
    }
  }

  #start(hand: Hand<J>, now: number): void {
    hand.since = now;
    const [first] = hand.tickets;
    if (first?.place === 'sent') this.#backlog.start(first);
  }

  /** Its part of a barrier that was passed before it joined, or, where it is about to leave, of one that waits. */
  #nextPart(hand: Hand<J>): Ticket<J> | undefined {
    for (let part = hand.arrears.shift(); part; part = hand.arrears.shift()) {
      if (part.place !== 'over') return part;
    }
    if (hand.isOpen) return undefined;
    for (const { open } of this.#backlog.barriers) {
      const part = open.get(hand.daemon);
      if (part) return part;
    }
    return undefined;
  }
}
