import { Channel, type Clock } from './clock.js';
import type { SimulatedTicket, World } from './schedule.js';

/** What a daemon tells. */
export interface Listener {
  started(daemon: number, ticket: SimulatedTicket): void;
  finished(daemon: number, ticket: SimulatedTicket, ran: number): void;
  recalled(daemon: number, asked: readonly SimulatedTicket[], given: ReadonlySet<SimulatedTicket>): void;
  lost(daemon: number, started: ReadonlySet<SimulatedTicket>): void;
  /** It was told to leave with work to do. */
  leftWork(daemon: number): void;
}

interface Delivery {
  readonly ticket: SimulatedTicket;
  withdrawn: boolean;
}

/** Runs what it is sent, in order. */
export class SimulatedDaemon {
  readonly id: number;
  readonly #world: World;
  readonly #clock: Clock;
  readonly #listener: Listener;
  readonly #there: Channel;
  readonly #back: Channel;
  /** What was sent to it and has not started: the first ones have arrived. */
  #deliveries: Delivery[] = [];
  #arrived = 0;
  #running: SimulatedTicket | undefined;
  #runs = 0;
  #resting = false;
  #gone = false;
  readonly #started = new Set<SimulatedTicket>();

  constructor(id: number, world: World, clock: Clock, listener: Listener) {
    this.id = id;
    this.#world = world;
    this.#clock = clock;
    this.#listener = listener;
    this.#there = new Channel(clock, world.there);
    this.#back = new Channel(clock, world.back);
  }

  send(ticket: SimulatedTicket): void {
    const delivery = { ticket, withdrawn: false };
    this.#deliveries.push(delivery);
    this.#there.send(() => {
      if (delivery.withdrawn) return;
      this.#arrived++;
      this.#next();
    });
  }

  recall(tickets: readonly SimulatedTicket[]): void {
    if (this.#gone) return;
    if (this.#world.claims) {
      this.#listener.recalled(this.id, tickets, this.#takeOut(tickets));
      return;
    }
    this.#there.send(() => {
      const given = this.#takeOut(tickets);
      this.#back.send(() => this.#listener.recalled(this.id, tickets, given));
    });
  }

  abort(ticket: SimulatedTicket): void {
    this.#there.send(() => {
      if (ticket !== this.#running) return;
      if (ticket.job.onAbort === 'crashes') this.crash();
      if (ticket.job.onAbort === 'ends') this.#end(ticket, 0);
    });
  }

  leave(): void {
    this.#there.send(() => {
      if (this.#running || this.#deliveries.length > 0) this.#listener.leftWork(this.id);
      this.crash();
    });
  }

  crash(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#running = undefined;
    this.#there.close();
    const tell = () => this.#listener.lost(this.id, this.#started);
    if (this.#world.drops) this.#back.close();
    const back = this.#world.drops ? new Channel(this.#clock, this.#world.back) : this.#back;
    back.send(tell);
  }

  #takeOut(tickets: readonly SimulatedTicket[]): ReadonlySet<SimulatedTicket> {
    const given = new Set<SimulatedTicket>();
    this.#deliveries = this.#deliveries.filter((delivery, index) => {
      if (!tickets.includes(delivery.ticket)) return true;
      if (index < this.#arrived) this.#arrived--;
      delivery.withdrawn = true;
      given.add(delivery.ticket);
      return false;
    });
    return given;
  }

  #next(): void {
    if (this.#gone || this.#running || this.#resting || this.#arrived === 0) return;
    const ticket = this.#deliveries.shift()?.ticket;
    if (!ticket) return;
    this.#arrived--;
    this.#running = ticket;
    this.#started.add(ticket);
    const run = ++this.#runs;
    this.#listener.started(this.id, ticket);
    const { takes } = ticket.job;
    const end = () => {
      if (this.#running === ticket && this.#runs === run) this.#end(ticket, takes);
    };
    if (takes === 0) end();
    else this.#clock.at(this.#clock.now + takes, end);
  }

  #end(ticket: SimulatedTicket, ran: number): void {
    this.#running = undefined;
    const { rest } = this.#world;
    this.#resting = rest > 0;
    this.#back.send(() => this.#listener.finished(this.id, ticket, ran));
    if (rest === 0) {
      this.#next();
      return;
    }
    this.#clock.at(this.#clock.now + rest, () => {
      this.#resting = false;
      this.#next();
    });
  }
}
