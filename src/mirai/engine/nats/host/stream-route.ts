import type { NatsConnection } from '@nats-io/transport-node';
import { MiraiError } from '../../../errors.js';
import type { Names } from '../names.js';
import type { TaskStream } from '../stream.js';
import { type Flight, messageIdOf } from './flight.js';
import { LostTasks, lookTime } from './lost-tasks.js';
import type { Route, RouteEvents } from './route.js';
import { type Outcome, StreamPublisher } from './stream-publisher.js';
import type { TaskMessage } from './task-messages.js';

/** How many tasks are on their way to the stream at a time. */
const mostUnderWay = 512;

/** After how many ms a task is sent again that the stream did not take; every time twice as long, up to a second. */
const firstDelay = 20;
const longestDelay = 1000;

/** What a stream needs for a message beside it, in bytes. */
const overhead = 512;

/** After how many ms it is looked for lost tasks where one was submitted before. */
const soon = 100;

/** Of the codes of JetStream: a message is larger than the stream or the account takes; the publisher's own is 0. */
const hopeless = new Set([0, 10054, 10058, 10060]);

/** Sends tasks to the stream, where they stay until their host has their end. */
export class StreamRoute implements Route {
  readonly #publisher: StreamPublisher;
  readonly #stream: TaskStream;
  readonly #names: Names;
  readonly #host: string;
  readonly #maxBytes: number;
  readonly #events: RouteEvents;
  readonly #flights = new Map<Flight, TaskMessage>();
  #underWay = 0;
  /** Those that the stream did not take, which is tried again after a while. */
  readonly #refused = new Set<Flight>();
  #delay = 0;
  #retry: NodeJS.Timeout | undefined;
  readonly #look: NodeJS.Timeout;
  readonly #lost: LostTasks;
  #isLooking = false;
  #soon: NodeJS.Timeout | undefined;

  constructor(
    connection: NatsConnection,
    stream: TaskStream,
    { names, host, maxBytes }: { names: Names; host: string; maxBytes?: number | undefined },
    events: RouteEvents,
  ) {
    this.#publisher = new StreamPublisher(connection);
    this.#stream = stream;
    this.#names = names;
    this.#host = host;
    this.#maxBytes = maxBytes ?? Number.POSITIVE_INFINITY;
    this.#events = events;
    this.#lost = new LostTasks(stream, names, host);
    this.#look = setInterval(() => void this.#lookForLost(), lookTime).unref();
  }

  get isOpen(): boolean {
    return this.#underWay < mostUnderWay && this.#refused.size === 0;
  }

  send(flight: Flight, message: TaskMessage): void {
    this.#flights.set(flight, message);
    this.#publish(flight, message);
  }

  ended(flight: Flight): void {
    this.#forget(flight);
    // What was full has room as soon as the daemon knows that its host does.
    const [first] = this.#refused;
    if (!first || this.#delay <= firstDelay) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#delay = 0;
    this.#wait(first);
  }

  cancelled(flight: Flight): void {
    this.#forget(flight);
    if (flight.sequence !== undefined && !flight.isDuplicate) this.#delete(flight.sequence);
  }

  interrupted(): void {
    this.#publisher.interrupt();
  }

  reconnected(isNew: boolean): void {
    if (isNew)
      for (const flight of [...this.#flights.keys()]) if (flight.sequence !== undefined) this.#again(flight);
    this.#tryAgain(this.#refused.size);
    void this.#lookForLost();
  }

  async clear(): Promise<void> {
    this.#flights.clear();
    this.#refused.clear();
    await this.#stream.manager.streams.purge(this.#names.stream, { filter: this.#names.taskOf(this.#host) });
  }

  stop(): void {
    clearInterval(this.#look);
    clearTimeout(this.#soon);
    clearTimeout(this.#retry);
    this.#publisher.stop();
  }

  #publish(flight: Flight, { bytes, trace }: TaskMessage): void {
    this.#underWay++;
    const id = messageIdOf(this.#host, flight);
    this.#publisher.publish(this.#names.taskOf(this.#host), bytes, id, trace, (outcome) => {
      this.#underWay--;
      this.#published(flight, bytes.length, outcome);
    });
  }

  #published(flight: Flight, size: number, outcome: Outcome): void {
    if (outcome.kind === 'stored') {
      flight.sequence = outcome.sequence;
      flight.sent = performance.now();
      this.#delay = 0;
      flight.isDuplicate = outcome.duplicate && flight.key !== undefined;
      if (flight.isDuplicate) this.#follow(flight);
      else if (flight.isOver && !flight.isLeft) this.#delete(outcome.sequence);
      if (this.#refused.size > 0) this.#tryAgain(2);
      else if (this.#underWay === mostUnderWay - 1 || this.#underWay === 0) this.#events.opened();
    } else if (!flight.isOver) {
      const tooLarge = size + overhead > this.#maxBytes;
      if (outcome.kind === 'refused' && (tooLarge || hopeless.has(outcome.code))) {
        this.#forget(flight);
        const why = outcome.why || `error ${outcome.code} of the stream`;
        this.#events.refused(flight, new MiraiError(`the task cannot be sent: ${why}`));
      } else this.#wait(flight);
    }
  }

  /** Of one that was submitted before, under its key, the end is kept; or the stream only remembers it, which is seen soon. */
  #follow(flight: Flight): void {
    if (flight.isOver) return;
    this.#events.known(flight);
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#lookForLost();
    }, soon).unref();
  }

  /** The stream is full, or not to be reached. */
  #wait(flight: Flight): void {
    this.#refused.add(flight);
    if (this.#retry) return;
    this.#delay = Math.min(longestDelay, Math.max(firstDelay, this.#delay * 2));
    this.#retry = setTimeout(() => this.#tryAgain(this.#refused.size), this.#delay).unref();
  }

  #tryAgain(count: number): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    for (const flight of [...this.#refused].slice(0, count)) {
      this.#refused.delete(flight);
      const message = this.#flights.get(flight);
      if (message) this.#publish(flight, message);
    }
    const [first] = this.#refused;
    if (first) this.#wait(first);
    else this.#events.opened();
  }

  #forget(flight: Flight): void {
    this.#flights.delete(flight);
    this.#refused.delete(flight);
  }

  #delete(sequence: number): void {
    // Where it is gone already there is nothing to do; where the server is away, a daemon runs it for nothing.
    this.#stream.manager.streams.deleteMessage(this.#names.stream, sequence, false).catch(() => undefined);
  }

  async #lookForLost(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (const flight of await this.#lost.find(this.#flights)) this.#again(flight);
    } catch {
      // It is looked for again.
    } finally {
      this.#isLooking = false;
    }
  }

  #again(flight: Flight): void {
    flight.sequence = undefined;
    flight.isDuplicate = false;
    flight.unfollow?.();
    flight.unfollow = undefined;
    flight.attempts++;
    this.#flights.delete(flight);
    this.#events.vanished(flight);
  }
}
