import { diag } from '@opentelemetry/api';
import { isTracing } from '../../../telemetry/host-sdk.js';
import type { LargeValue, LargeValues } from '../large-values.js';
import type { NatsOptions } from '../options.js';
import { publishTo } from '../publish.js';
import { openStream } from '../stream.js';
import { toFrame } from '../wire/frame.js';
import { within } from '../within.js';
import { type Connected, connectHost } from './connected.js';
import { DirectRoute } from './direct-route.js';
import type { Flight } from './flight.js';
import { Inbox, type InboxEvents } from './inbox.js';
import type { KeptEnd } from './kept-results.js';
import { KeptResults } from './kept-results.js';
import type { Route, RouteEvents } from './route.js';
import { StreamRoute } from './stream-route.js';
import { TaskMessages } from './task-messages.js';

/** How long the server may take for what is done at the end, in ms. */
const farewell = 2000;

interface SessionEvents extends InboxEvents, Omit<RouteEvents, 'known'> {
  /** How many slots there are. */
  slots(): number;
  /** The connection is back. */
  reconnected(): void;
  /** The task of the key was run before, or by another daemon. */
  kept(flight: Flight, end: KeptEnd): void;
}

/** What a host has on a server that it has reached. */
export class Session {
  readonly route: Route;
  readonly messages: TaskMessages;
  readonly kept: KeptResults;
  readonly inbox: Inbox;
  readonly #connected: Connected;
  readonly #options: NatsOptions;
  readonly #events: SessionEvents;
  #isConnected = true;
  /** When the stream was made that has its tasks. */
  #created: string | undefined;

  constructor(connected: Connected, options: NatsOptions, events: SessionEvents) {
    const { connection, names, host, stream, large, keys } = connected;
    this.#connected = connected;
    this.#options = options;
    this.#events = events;
    this.#created = stream?.created;
    this.inbox = new Inbox(connection, names, host, events);
    this.messages = new TaskMessages(host, large);
    this.kept = new KeptResults(keys, large, events);
    const routeEvents = {
      opened: () => events.opened(),
      refused: (flight: Flight, error: Error) => events.refused(flight, error),
      vanished: (flight: Flight) => events.vanished(flight),
      known: (flight: Flight) => this.kept.follow(flight),
    };
    const more = { replyTo: (id: number) => this.inbox.replyTo(id), slots: () => events.slots() };
    this.route = stream
      ? new StreamRoute(connection, stream, { names, host, maxBytes: options.maxBytes }, routeEvents)
      : new DirectRoute(connection, names, host, more, routeEvents);
    this.#watch().catch((error: unknown) =>
      diag.warn('mirai: the connection with NATS is not watched any more', error),
    );
    this.hello();
  }

  get host(): string {
    return this.#connected.host;
  }

  get large(): LargeValues {
    return this.#connected.large;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Deletes the result of a task of this host: a daemon may name anything, and others may want what is kept. */
  discard(result: LargeValue): void {
    if (result.name.startsWith(`result.${this.host}.`)) this.large.delete(result);
  }

  /** Whether the server keeps tasks. */
  get hasStream(): boolean {
    return this.#connected.stream !== undefined;
  }

  /** @param daemon all of them where it is `undefined` */
  publish(daemon: string | undefined, message: Uint8Array): void {
    const { connection, names } = this.#connected;
    publishTo(connection, daemon === undefined ? names.toDaemons : names.toDaemon(daemon), message);
  }

  /** Resolves when all has come that the server had for this side before. Rejects if it is not to be reached. */
  reached(): Promise<void> {
    return this.#connected.connection.flush();
  }

  /** Tells daemons that the host is there. */
  hello(daemon?: string): void {
    const { host, stream } = this.#connected;
    const head = {
      v: 1,
      kind: 'hello',
      host,
      tracing: isTracing(),
      time: Date.now(),
      ackWait: stream?.ackWait,
    };
    this.publish(daemon, toFrame(head));
  }

  /** Takes back what no daemon has, and has them end what they do. */
  async abandon(): Promise<void> {
    this.publish(undefined, toFrame({ v: 1, kind: 'cancel', host: this.host }));
    await within(farewell, this.route.clear());
  }

  async close(): Promise<void> {
    const { connection } = this.#connected;
    this.inbox.flush();
    this.route.stop();
    this.kept.stop();
    await within(farewell, connection.drain());
    await connection.close();
  }

  async #watch(): Promise<void> {
    const { connection, names, stream } = this.#connected;
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#isConnected = false;
      if (type !== 'reconnect') continue;
      this.#isConnected = true;
      this.route.interrupted();
      // A server that keeps streams in memory has lost them with itself.
      const there = stream && (await openStream(connection, names, this.#options).catch(() => undefined));
      this.route.reconnected(there !== undefined && there.created !== this.#created);
      if (there) this.#created = there.created;
      this.kept.reconnected();
      this.hello();
      this.#events.reconnected();
    }
  }
}

/** @throws OtelPromiseDomainError with the code `natsUnreachable` or `natsUnusable` */
export async function openSession(
  compute: string,
  options: NatsOptions,
  events: SessionEvents,
): Promise<Session> {
  return new Session(await connectHost(compute, options), options, events);
}
