import {
  createInbox,
  delay,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { AtTheEnd } from '../../../host/at-the-end.js';
import { group, type Names } from '../names.js';
import { publishTo } from '../publish.js';
import { traceOf } from '../trace-headers.js';
import type { Delivery, Source } from './delivery.js';
import { RecentAcks } from './recent-acks.js';

/** How long a request for the tasks of free slots waits at the server, and how often that gives a sign of life meanwhile; in ms. */
const expires = 30_000;
const heartbeat = 2000;

/**
 * The same for tasks ahead of slots, which may turn out to be busy for long. It is not taken back: the server drops what it is about to
 * send to somebody who listens no more, and has it delivered again only after `ackWait`.
 */
const expiresAhead = 250;

/** After how many ms without any sign the server is taken to have forgotten all requests. */
const patience = 5000;

/**
 * How many tasks are asked for at a time. What is asked for comes, also when slots turn out to be busy meanwhile: there may be
 * room for many more, but they are to be asked for as they come.
 */
const mostAsked = 64;

/** How often it is looked whether all that was asked for has come, when no more is to come; in ms. */
const stopPause = 10;

const nanoseconds = 1e6;

/** Acknowledgements of JetStream (ADR-15 of NATS). */
const [ack, nak, working, term] = ['+ACK', '-NAK', '+WPI', '+TERM'];

/** Where the number of deliveries and the one in the stream are in the subject of an acknowledgement. */
const short = { tokens: 9, count: 4, sequence: 5 };
const long = { count: 6, sequence: 7 };

/** Of a status: a sign of life, that a request is over, and that the server has no stream yet which could hear of any. */
const status = { idle: 100, expired: 408, none: 404, unheard: 503 };

export interface PullParts {
  /** How many slots have nothing to do. */
  readonly free: () => number;
  /** How many more tasks may come, those that were asked for included. */
  readonly room: () => number;
  readonly take: (delivery: Delivery) => void;
}

/**
 * Takes tasks from the stream: as many as there is room for, and no more. The consumers of the client library fetch ahead by
 * number; what is fetched here depends on which slots are free, from one message to the next.
 */
export class Pull implements Source {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #free: () => number;
  readonly #room: () => number;
  readonly #take: (delivery: Delivery) => void;
  readonly #fillLater = new AtTheEnd(() => this.fill());
  readonly #acks = new RecentAcks();
  #subscription: Subscription | undefined;
  #inbox = '';
  /** How many tasks the server may still send. */
  #asked = 0;
  /** Until when it may send those ahead of slots, in ms. */
  #aheadUntil = 0;
  /** When it was last heard of, and when the last task came, in ms. */
  #heard = 0;
  #came = Number.NEGATIVE_INFINITY;
  #next = 1;
  /** The server wants no more requests for the moment. */
  #isRefused = false;
  #isStopped = false;

  constructor(connection: NatsConnection, names: Names, { free, room, take }: PullParts) {
    this.#connection = connection;
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${names.stream}.${group}`;
    this.#free = free;
    this.#room = room;
    this.#take = take;
    this.reconnected();
  }

  fill(): void {
    if (this.#isStopped || this.#isRefused) return;
    const most = Math.min(this.#room(), mostAsked);
    const free = Math.min(this.#free(), most);
    if (free > this.#asked) this.#ask(free - this.#asked, expires, heartbeat);
    // While tasks come, and not one by one.
    const ahead = most - this.#asked;
    const now = performance.now();
    if (ahead <= 0 || ahead * 2 < most || now - this.#came > expiresAhead) return;
    this.#aheadUntil = now + expiresAhead;
    this.#ask(ahead, expiresAhead);
  }

  #ask(batch: number, ms: number, sign?: number): void {
    if (this.#asked === 0) this.#heard = performance.now();
    this.#asked += batch;
    const body = JSON.stringify({
      batch,
      expires: ms * nanoseconds,
      ...(sign !== undefined && { idle_heartbeat: sign * nanoseconds }),
    });
    publishTo(this.#connection, this.#subject, body, { reply: `${this.#inbox}.${this.#next++}` });
  }

  /** To be called once in a while: nothing stands still because a message was lost. */
  look(): void {
    this.#isRefused = false;
    if (this.#asked > 0 && performance.now() - this.#heard > patience) this.reconnected();
    else this.fill();
  }

  reconnected(): void {
    this.#subscription?.unsubscribe();
    this.#listen();
    this.fill();
  }

  back(isSame: boolean, wasGone: boolean): void {
    if (wasGone) this.reconnected();
    // Another stream has numbers of its own.
    if (isSame) for (const subject of this.#acks.all) publishTo(this.#connection, subject, ack);
    else this.#acks.clear();
  }

  /** What is on its way still comes, and is handed back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    while (this.#asked > 0 && performance.now() < this.#aheadUntil) await delay(stopPause);
    await this.#subscription?.drain();
  }

  #listen(): void {
    this.#asked = 0;
    if (this.#isStopped) return;
    const inbox = createInbox();
    const callback = (_: Error | null, message: Msg) => this.#received(message, inbox === this.#inbox);
    this.#inbox = inbox;
    this.#subscription = this.#connection.subscribe(`${inbox}.*`, { callback });
  }

  /** @param isAsked whether it is of those that are counted as asked for */
  #received(message: Msg, isAsked: boolean): void {
    const { reply, headers } = message;
    this.#heard = performance.now();
    if (headers?.code && !reply?.startsWith('$JS.ACK')) {
      if (isAsked) this.#status(headers.code, Number(headers.get('Nats-Pending-Messages')));
      return;
    }
    if (!reply) return;
    this.#came = this.#heard;
    if (isAsked) this.#asked = Math.max(0, this.#asked - 1);
    this.#take(toDelivery(this.#connection, message, reply, this.#acks));
    this.#fillLater.ask();
  }

  /** @param left how many tasks the request that is over has not been answered with */
  #status(code: number, left: number): void {
    if (code === status.idle) return;
    this.#asked = code === status.unheard ? 0 : Math.max(0, this.#asked - (left || 1));
    if (code === status.expired || code === status.none) this.#fillLater.ask();
    else this.#isRefused = true;
  }
}

function toDelivery(connection: NatsConnection, message: Msg, reply: string, acks: RecentAcks): Delivery {
  const tokens = reply.split('.');
  const at = tokens.length === short.tokens ? short : long;
  const respond = (answer: string) => publishTo(connection, reply, answer);
  return {
    bytes: message.data,
    trace: traceOf(message.headers),
    count: Number(tokens[at.count]),
    sequence: Number(tokens[at.sequence]),
    working: () => respond(working),
    ack: () => {
      respond(ack);
      acks.add(reply);
    },
    giveBack: (_host, _id, ms) =>
      respond(ms === undefined ? nak : `${nak} ${JSON.stringify({ delay: ms * nanoseconds })}`),
    drop: () => respond(term),
  };
}
