import type { Barrier, Job, Queued, Ticket } from './job.js';
import { MemoryGate } from './memory-gate.js';
import { OrderedList } from './ordered-list.js';

/** The jobs that are not over, in the order of submission, as far as no daemon has them in hand. */
export class Backlog<J extends Job> {
  readonly gate: MemoryGate;
  /** The barriers that wait. */
  readonly barriers = new Set<Barrier<J>>();
  readonly #queue = new OrderedList<Queued<J>>();
  /** What waits before the queue until there is memory. */
  readonly #line = new OrderedList<Queued<J>>();
  readonly #live = new Set<Ticket<J>>();
  #order = 0;
  #executing = 0;
  #over = 0;

  constructor(memory: number) {
    this.gate = new MemoryGate(memory);
  }

  get first(): Queued<J> | undefined {
    return this.#queue.first;
  }

  get memory(): { used: number; peak: number; capacity: number } {
    const { used, peak, capacity } = this.gate;
    return { used, peak, capacity };
  }

  /** How many jobs are not over. */
  get live(): number {
    return this.#live.size;
  }

  get counts() {
    const awaiting = this.#live.size - this.#executing;
    return { awaiting, executing: this.#executing, completed: this.#over };
  }

  /** Whether a job of this size goes into the queue at once. */
  admits(bytes: number): boolean {
    return this.#line.length === 0 && this.gate.admits(bytes);
  }

  add(job: J): Ticket<J> {
    const ticket = this.ticket(job);
    this.#append(ticket);
    return ticket;
  }

  addBarrier(make: (daemon: number) => J, min: number): Barrier<J> {
    const order = this.#order++;
    const links = { previous: undefined, next: undefined };
    const barrier: Barrier<J> = {
      kind: 'barrier',
      order,
      make,
      min,
      open: new Map(),
      ran: 0,
      passed: false,
      ...links,
    };
    this.barriers.add(barrier);
    this.#append(barrier);
    return barrier;
  }

  /** A ticket that is in no list: that of a part of a barrier. */
  ticket(job: J, barrier?: Barrier<J>): Ticket<J> {
    const ticket: Ticket<J> = {
      kind: 'ticket',
      order: this.#order++,
      job,
      barrier,
      place: 'queue',
      daemon: undefined,
      recall: undefined,
      losses: 0,
      previous: undefined,
      next: undefined,
    };
    this.#live.add(ticket);
    return ticket;
  }

  /** Takes the first one out of the queue; its bytes stay counted until it runs. */
  shift(): void {
    const { first } = this.#queue;
    if (!first) return;
    this.#queue.remove(first);
    if (first.kind === 'barrier') this.barriers.delete(first);
  }

  start(ticket: Ticket<J>): void {
    ticket.place = 'running';
    this.#executing++;
    this.#giveBack(ticket);
  }

  /** Puts back to its place in the queue what a daemon had in hand. */
  putBack(ticket: Ticket<J>): void {
    if (ticket.place === 'running') {
      this.#executing--;
      this.gate.take(ticket.job.bytes);
    }
    ticket.place = 'queue';
    this.#queue.add(ticket);
  }

  /** The job has ended, is lost, or is not wanted any more. */
  settle(ticket: Ticket<J>): void {
    const { place } = ticket;
    ticket.place = 'over';
    this.#live.delete(ticket);
    this.#over++;
    if (place === 'running') this.#executing--;
    else if (place === 'line') {
      this.#line.remove(ticket);
      this.#admit();
    } else {
      if (place === 'queue' && !ticket.barrier) this.#queue.remove(ticket);
      this.#giveBack(ticket);
    }
  }

  #giveBack(ticket: Ticket<J>): void {
    if (ticket.barrier) return;
    this.gate.giveBack(ticket.job.bytes);
    this.#admit();
  }

  #append(item: Queued<J>): void {
    if (this.admits(bytesOf(item))) {
      this.#enqueue(item);
      return;
    }
    if (item.kind === 'ticket') item.place = 'line';
    this.#line.add(item);
  }

  #admit(): void {
    for (let item = this.#line.first; item && this.gate.admits(bytesOf(item)); item = this.#line.first) {
      this.#line.remove(item);
      this.#enqueue(item);
    }
  }

  #enqueue(item: Queued<J>): void {
    this.gate.take(bytesOf(item));
    if (item.kind === 'ticket') item.place = 'queue';
    this.#queue.add(item);
  }

  /** Forgets everything, and returns the jobs that were not over. */
  clear(): Ticket<J>[] {
    const live = [...this.#live];
    for (const ticket of live) this.settle(ticket);
    while (this.first) this.shift();
    return live;
  }
}

function bytesOf(item: Queued<Job>): number {
  return item.kind === 'ticket' ? item.job.bytes : 0;
}
