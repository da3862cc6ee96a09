import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { diag } from '@opentelemetry/api';
import * as v from 'valibot';
import { statsSubject } from '../daemon/service.js';
import type { Names } from '../names.js';
import { publishTo } from '../publish.js';
import { rollCall } from '../roll-call.js';
import { type Frame, fromFrame, toFrame } from '../wire/frame.js';
import { type DaemonHead, daemonHead, type Presence, presence } from '../wire/from-daemon.js';
import { Seen } from './seen.js';

/**
 * After how many ms messages are confirmed, and how many at most are not. Not at once: nobody waits for it, and it would wake
 * server and daemon just when the next task goes its way.
 */
const confirmTime = 5;
const mostUnconfirmed = 256;

/** How long each daemon may answer after another when a host comes, in ms. */
const meetTime = 100;

export interface InboxEvents {
  /** How often a task was begun; `undefined` where it is not for this host to say. */
  starts(id: number): number | undefined;
  said(head: DaemonHead, body: Uint8Array): void;
  present(presence: Presence): void;
  /** A task was published while nobody was there to take it. */
  unheard(id: number): void;
}

/** What daemons say to a host. */
export class Inbox {
  readonly #connection: NatsConnection;
  readonly #names: Names;
  readonly #host: string;
  readonly #events: InboxEvents;
  readonly #seen = new Seen();
  readonly #confirmed = new Map<string, number[]>();
  #unconfirmed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: NatsConnection, names: Names, host: string, events: InboxEvents) {
    this.#connection = connection;
    this.#names = names;
    this.#host = host;
    this.#events = events;
    const on = (take: (message: Msg) => void) => {
      const guarded = this.#guarded(take);
      return { callback: (_: Error | null, message: Msg) => guarded(message) };
    };
    connection.subscribe(
      names.toHost(host),
      on((message) => this.#received(message)),
    );
    connection.subscribe(
      names.toHosts,
      on(({ data }) => this.#present(fromFrame(data).head)),
    );
    connection.subscribe(
      `${names.toHost(host)}.stats`,
      on((message) => this.#stats(message)),
    );
    connection.subscribe(
      names.startsAt(host),
      on((message) => {
        const starts = events.starts(Number(message.string()));
        if (starts !== undefined) message.respond(String(starts));
      }),
    );
    connection.subscribe(
      `${names.toHost(host)}.sent.*`,
      on((message) => this.#unheard(message)),
    );
  }

  /** Where the server says that nobody takes a task. */
  replyTo(id: number): string {
    return `${this.#names.toHost(this.#host)}.sent.${id}`;
  }

  /** Resolves when the daemons that are there have said how they are, as far as one can wait for that. */
  meet(): Promise<void> {
    return rollCall(
      this.#connection,
      this.#names.service,
      meetTime,
      this.#guarded((message) => this.#stats(message)),
    );
  }

  /** Asks all daemons how they are. */
  ask(): void {
    this.#seen.forget();
    publishTo(this.#connection, statsSubject(this.#names.service), '', {
      reply: `${this.#names.toHost(this.#host)}.stats`,
    });
  }

  #guarded(take: (message: Msg) => void): (message: Msg) => void {
    return (message) => {
      try {
        take(message);
      } catch (error) {
        diag.warn('mirai: a message that is none of a daemon was dropped', error);
      }
    };
  }

  #received({ data }: Msg): void {
    const frame = fromFrame(data);
    if (isPresence(frame)) {
      this.#present(frame.head);
      return;
    }
    const head = v.parse(daemonHead, frame.head);
    if ('n' in head && !this.#isNew(head.daemon, head.n)) return;
    this.#events.said(head, frame.body);
  }

  /** Confirms the message. @returns whether it has not come before */
  #isNew(daemon: string, n: number): boolean {
    const list = this.#confirmed.get(daemon);
    if (list) list.push(n);
    else this.#confirmed.set(daemon, [n]);
    this.#unconfirmed++;
    if (this.#unconfirmed >= mostUnconfirmed) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), confirmTime);
    return this.#seen.isNew(daemon, n);
  }

  /** Confirms what has come. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unconfirmed = 0;
    for (const [daemon, ns] of this.#confirmed) {
      const message = toFrame({ v: 1, kind: 'confirmed', host: this.#host, ns });
      publishTo(this.#connection, this.#names.toDaemon(daemon), message);
    }
    this.#confirmed.clear();
  }

  #stats({ data, headers }: Msg): void {
    if (headers?.code === 503) return; // nobody is there
    const { data: own } = JSON.parse(Buffer.from(data).toString());
    this.#present(own);
  }

  #present(head: unknown): void {
    this.#events.present(v.parse(presence, head));
  }

  #unheard({ headers, subject }: Msg): void {
    if (headers?.code === 503) this.#events.unheard(Number(subject.split('.').at(-1)));
  }
}

function isPresence({ head }: Frame): boolean {
  return typeof head === 'object' && head !== null && 'kind' in head && head.kind === 'presence';
}
