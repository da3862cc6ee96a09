import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { group, type Names } from '../names.js';
import { publishTo } from '../publish.js';
import { traceOf } from '../trace-headers.js';
import { toFrame } from '../wire/frame.js';
import type { Delivery, Source } from './delivery.js';

export interface DirectParts {
  /** Whether all slots are busy, and will be for long. */
  readonly isFull: () => boolean;
  readonly take: (delivery: Delivery) => void;
}

/**
 * Takes the tasks that are delivered at most once: the server picks a daemon of those that listen, and one that is busy hands them
 * back. One that is busy for long does not listen.
 */
export class Direct implements Source {
  readonly #connection: NatsConnection;
  readonly #names: Names;
  readonly #daemon: string;
  readonly #parts: DirectParts;
  #subscription: Subscription | undefined;
  /** What is on its way to one that listens no more is still handed back. */
  #drained: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(connection: NatsConnection, names: Names, daemon: string, parts: DirectParts) {
    this.#connection = connection;
    this.#names = names;
    this.#daemon = daemon;
    this.#parts = parts;
    this.fill();
  }

  fill(): void {
    if (this.#connection.isClosed() || this.#connection.isDraining()) return;
    if (this.#isWanted) this.#subscription ??= this.#listen();
    else if (this.#subscription) this.#drain(this.#subscription);
  }

  /** Servers of a cluster lose what one has sent to another whose last listener is leaving. */
  get #isWanted(): boolean {
    const mayLeave = this.#connection.info?.cluster === undefined;
    return !this.#isStopped && !(mayLeave && this.#parts.isFull());
  }

  look(): void {
    this.fill();
  }

  reconnected(): void {}

  back(): void {}

  stop(): Promise<void> {
    this.#isStopped = true;
    this.fill();
    return this.#drained;
  }

  #listen(): Subscription {
    const callback = (_: Error | null, { data, headers }: Msg) => {
      this.#parts.take({
        bytes: data,
        trace: traceOf(headers),
        count: 1,
        sequence: undefined,
        working: () => undefined,
        ack: () => undefined,
        giveBack: (host, id) => this.#handBack(host, id),
        drop: () => undefined,
      });
    };
    return this.#connection.subscribe(this.#names.direct, { queue: group, callback });
  }

  #drain(subscription: Subscription): void {
    this.#subscription = undefined;
    const drained = subscription.drain().catch(() => undefined); // the connection is lost, and all that was on its way
    this.#drained = Promise.all([this.#drained, drained]).then(() => undefined);
  }

  #handBack(host: string, id: number): void {
    const busy = toFrame({ v: 1, kind: 'busy', daemon: this.#daemon, id });
    publishTo(this.#connection, this.#names.toHost(host), busy);
  }
}
