import type { DispatcherOptions } from '../../../../src/mirai/dispatcher/decisions.js';
import type { Clock } from './clock.js';
import { type BarrierEntry, type Entry, type Fate, type HandEntry, newEntry, newHand } from './entries.js';
import type { SimulatedJob, SimulatedTicket } from './schedule.js';
import type { Situation } from './situations.js';

/** Says which rule was broken, and what had happened until then. */
class Violation extends Error {
  constructor(rule: string, log: readonly string[]) {
    super([rule, ...log.slice(-60)].join('\n  '));
    this.name = 'Violation';
  }
}

/** What became of each job, kept from nothing but the events and the decisions. */
export class Books {
  readonly options: DispatcherOptions;
  readonly log: string[] = [];
  readonly reached = new Set<Situation>();
  readonly hands = new Map<number, HandEntry>();
  readonly barriers: BarrierEntry[] = [];
  readonly all: Entry[] = [];
  readonly live = new Set<Entry>();
  /** The least that a job of the kind took, of those that have ended and were not cancelled. */
  readonly shortest = new Map<string | number, number>();
  /** Jobs that are no parts of barriers, in the order in which daemons really started them. */
  readonly starts: Entry[] = [];
  /** Whether jobs were put back whose bytes had been given to others: now, and ever. */
  putBack = false;
  everPutBack = false;
  cleared = false;
  over = 0;
  #order = 0;
  #largest = 0;
  readonly #clock: Clock;
  readonly #entries = new Map<SimulatedJob, Entry>();

  constructor(options: DispatcherOptions, clock: Clock) {
    this.options = options;
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock.now;
  }

  fail(rule: string): never {
    throw new Violation(rule, this.log);
  }

  entry(ticket: SimulatedTicket): Entry {
    const entry = this.#entries.get(ticket.job) ?? this.fail(`${ticket.job.name} is not known`);
    entry.ticket = ticket;
    return entry;
  }

  hand(daemon: number): HandEntry {
    return this.hands.get(daemon) ?? this.fail(`daemon ${daemon} is not there`);
  }

  /** What waits at the host and is no part of a barrier, in the order of submission. */
  *waiting(): Generator<Entry> {
    for (const entry of this.live) if (!entry.hand && !entry.part) yield entry;
  }

  /** More memory than this is not used at a time. */
  get mostMemory(): number {
    if (this.everPutBack) return Number.POSITIVE_INFINITY;
    return Math.max(this.options.memory, this.#largest);
  }

  isOpen(hand: HandEntry): boolean {
    return !hand.retired && hand.sent < this.options.maxTasks;
  }

  /** Whether all that the barrier waits for has ended. */
  hasEnded({ parts, late }: BarrierEntry): boolean {
    for (const [daemon, { fate, doomed }] of parts) if (!fate && !doomed && !late.has(daemon)) return false;
    return true;
  }

  /** The first of those that no daemon has in hand. */
  get firstWaiting(): Entry | undefined {
    for (const entry of this.waiting()) if (!entry.doomed) return entry;
    return undefined;
  }

  submitted(job: SimulatedJob, part?: Entry['part']): Entry {
    const entry = newEntry(job, this.#order++, part);
    this.#entries.set(job, entry);
    this.all.push(entry);
    if (!part) this.#largest = Math.max(this.#largest, job.bytes);
    this.live.add(entry);
    return entry;
  }

  barrier(min: number): BarrierEntry {
    const parts = new Map();
    const barrier = {
      order: this.#order++,
      min,
      parts,
      late: new Set<number>(),
      there: 0,
      ran: 0,
      passed: false,
    };
    this.barriers.push(barrier);
    return barrier;
  }

  partMade(barrier: BarrierEntry, daemon: number, job: SimulatedJob, atTheCall: boolean): void {
    if (barrier.parts.has(daemon)) this.fail(`daemon ${daemon} has two parts of a barrier`);
    barrier.parts.set(daemon, this.submitted(job, { barrier, daemon }));
    if (barrier.passed || (this.options.direct && !atTheCall)) barrier.late.add(daemon);
    const late = this.barriers.filter((other) => other.late.has(daemon)).length;
    if (late === 3) this.reached.add('third part of one that came late');
  }

  joined(daemon: number): void {
    this.hands.set(daemon, newHand(daemon));
  }

  sent(hand: HandEntry, entry: Entry): void {
    if (!entry.part) hand.sent++;
    entry.sends++;
    entry.hand = hand;
    const length = hand.entries.push(entry);
    if (length === 1) hand.since = this.now;
    else if (!this.options.direct) this.reached.add('sent ahead');
    if (length === 8) this.reached.add('eight in a hand');
    const { givenBackBy } = entry;
    if (givenBackBy && givenBackBy !== hand)
      this.reached.add('sent to another daemon after it was given back');
    if (entry.losses > 0) this.reached.add('tried again');
  }

  finished(daemon: number, entry: Entry, ran: number): void {
    const hand = this.hands.get(daemon);
    if (!hand || entry.hand !== hand) return;
    hand.completed++;
    if (entry.part) entry.part.barrier.ran++;
    if (entry.fate !== 'cancelled') {
      const { kind } = entry.job;
      this.shortest.set(kind, Math.min(ran, this.shortest.get(kind) ?? ran));
      this.settle(entry, 'finished');
    }
    this.#release(hand, entry);
  }

  recalled(daemon: number, asked: readonly Entry[], given: ReadonlySet<SimulatedTicket>): void {
    const hand = this.hands.get(daemon);
    for (const entry of asked) {
      if (!hand || entry.hand !== hand || !entry.ticket) {
        this.reached.add('ended when it was asked for');
        continue;
      }
      entry.asked = false;
      entry.refused = !given.has(entry.ticket);
      this.reached.add(entry.refused ? 'started when it was asked for' : 'given back');
      if (entry.refused) continue;
      entry.givenBackBy = hand;
      if (!entry.part) hand.sent--;
      if (!entry.fate && hand.entries[0] === entry) {
        this.#isPutBack();
        this.reached.add('given back after it became the first');
      }
      this.#release(hand, entry);
    }
  }

  retired(daemon: number): void {
    const hand = this.hands.get(daemon);
    if (hand) hand.retired = true;
  }

  lost(daemon: number, wasRunning: (entry: Entry) => boolean): void {
    const hand = this.hands.get(daemon);
    if (!hand) return;
    this.hands.delete(daemon);
    for (const [index, entry] of hand.entries.entries()) {
      entry.hand = undefined;
      entry.asked = false;
      entry.refused = false;
      if (entry.fate) continue;
      if (wasRunning(entry)) entry.losses++;
      if (entry.part || entry.job.pinned || entry.losses > entry.job.retries) entry.doomed = true;
      else if (index === 0) this.#isPutBack();
      else this.reached.add('put back unstarted');
    }
    for (const { parts } of this.barriers) {
      const part = parts.get(daemon);
      if (part && !part.fate) part.doomed = true;
    }
  }

  cancelled(entry: Entry, place: SimulatedTicket['place']): void {
    const when = {
      line: 'cancelled while it waits for memory',
      queue: 'cancelled while it waits',
      sent: 'cancelled behind another',
      running: 'cancelled while it runs',
      over: 'cancelled when it is over',
    } as const;
    this.reached.add(when[place]);
    if (place === 'over') return;
    if (entry.asked) this.reached.add('cancelled while it is asked for');
    if (entry.part) this.reached.add('part cancelled');
    this.settle(entry, 'cancelled');
  }

  settle(entry: Entry, fate: Fate): void {
    if (entry.fate) this.fail(`${entry.job.name} settles twice: ${entry.fate}, ${fate}`);
    entry.fate = fate;
    this.live.delete(entry);
    this.over++;
  }

  clear(returned: readonly SimulatedTicket[]): void {
    for (const ticket of returned) this.settle(this.entry(ticket), 'cleared');
    const [left] = this.live;
    if (left) this.fail(`clear() does not return ${left.job.name}`);
    this.hands.clear();
    this.barriers.length = 0;
    this.cleared = true;
  }

  #isPutBack(): void {
    this.putBack = true;
    this.everPutBack = true;
  }

  #release(hand: HandEntry, entry: Entry): void {
    const index = hand.entries.indexOf(entry);
    hand.entries.splice(index, 1);
    entry.hand = undefined;
    entry.asked = false;
    if (index === 0) hand.since = this.now;
  }
}
