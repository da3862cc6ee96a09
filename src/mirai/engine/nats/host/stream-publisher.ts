import { createInbox, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import * as v from 'valibot';
import type { Carrier } from '../../../protocol/messages.js';
import { publishTo } from '../publish.js';
import { toHeaders } from '../trace-headers.js';

/** How long the stream may take to acknowledge a message, in ms. */
const timeout = 5000;

/** What the stream says of a message (ADR-1 of NATS); of one that it refuses it says a `seq`, too. */
const answer = v.object({
  seq: v.optional(v.number(), 0),
  duplicate: v.optional(v.boolean(), false),
  error: v.optional(v.object({ err_code: v.number(), description: v.optional(v.string(), '') })),
});

/** What became of a message: it is in the stream, or was refused, or nothing is known. */
export type Outcome =
  | { readonly kind: 'stored'; readonly sequence: number; readonly duplicate: boolean }
  | { readonly kind: 'refused'; readonly code: number; readonly why: string }
  | { readonly kind: 'unknown' };

interface Asked {
  readonly settle: (outcome: Outcome) => void;
  readonly at: number;
}

/**
 * Publishes to a stream. `publish()` of the client library makes two errors with their stacks and a timer for every message, before
 * anything has failed, and is most of what sending a task costs.
 */
export class StreamPublisher {
  readonly #connection: NatsConnection;
  readonly #replies = createInbox();
  readonly #asked = new Map<number, Asked>();
  #next = 1;
  readonly #timer: NodeJS.Timeout;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    connection.subscribe(`${this.#replies}.*`, { callback: (_, message) => this.#received(message) });
    this.#timer = setInterval(() => this.#expire(performance.now() - timeout), timeout / 5).unref();
  }

  /** @param id under which the stream keeps one message, however often it is sent */
  publish(
    subject: string,
    message: Uint8Array,
    id: string,
    trace: Carrier | undefined,
    settle: (outcome: Outcome) => void,
  ): void {
    const number = this.#next++;
    this.#asked.set(number, { settle, at: performance.now() });
    try {
      const all = trace === undefined ? headers() : toHeaders(trace);
      all.set('Nats-Msg-Id', id);
      publishTo(this.#connection, subject, message, { headers: all, reply: `${this.#replies}.${number}` });
    } catch (error) {
      this.#settle(number, { kind: 'refused', code: 0, why: String(error) });
    }
  }

  /** The connection was lost: what was on its way may be lost with it. */
  interrupt(): void {
    this.#expire(Number.POSITIVE_INFINITY);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#asked.clear();
  }

  #received(message: Msg): void {
    const number = Number(message.subject.slice(this.#replies.length + 1));
    this.#settle(number, message.headers?.code === 503 ? { kind: 'unknown' } : read(message));
  }

  #expire(before: number): void {
    for (const [number, { at }] of this.#asked) {
      if (at > before) break; // they are in the order in which they were sent
      this.#settle(number, { kind: 'unknown' });
    }
  }

  #settle(number: number, outcome: Outcome): void {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    asked?.settle(outcome);
  }
}

function read({ data }: Msg): Outcome {
  try {
    const { seq, duplicate, error } = v.parse(answer, JSON.parse(Buffer.from(data).toString()));
    if (error) return { kind: 'refused', code: error.err_code, why: error.description };
    return { kind: 'stored', sequence: seq, duplicate };
  } catch {
    return { kind: 'unknown' };
  }
}
