import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { diag } from '@opentelemetry/api';
import { publishTo } from '../publish.js';

/** After how many ms something is sent again that was not confirmed. */
const resendTime = 2000;

/** For how many ms it is sent again before the host is given up. */
const patience = 60_000;

interface Entry {
  readonly host: string;
  readonly subject: string;
  readonly message: Uint8Array;
  readonly isOver: (confirmed: boolean) => void;
  readonly first: number;
  last: number;
  /** The server says that nobody is there to hear it. */
  isUnheard: boolean;
}

/** What a daemon has told hosts and they have not confirmed. */
export class Outbox {
  readonly #connection: NatsConnection;
  /** Where the server says that nobody hears a message. */
  readonly #replies: string;
  readonly #entries = new Map<number, Entry>();
  #next = 1;
  #timer: NodeJS.Timeout | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(connection: NatsConnection, replies: string) {
    this.#connection = connection;
    this.#replies = replies;
    connection.subscribe(`${replies}.*`, { callback: (_, message) => this.#unheard(message) });
  }

  /**
   * Sends a message until it is confirmed.
   *
   * @param make gives the message with its number
   * @param isOver is called when that is so, or when the host is given up
   * @throws if it is larger than what the server allows
   */
  send(
    host: string,
    subject: string,
    make: (n: number) => Uint8Array,
    isOver: (confirmed: boolean) => void = () => undefined,
  ): void {
    const n = this.#next++;
    const now = performance.now();
    const entry = { host, subject, message: make(n), isOver, first: now, last: now, isUnheard: false };
    this.#publish(n, entry);
    this.#entries.set(n, entry);
    this.#timer ??= setInterval(() => this.#resend(resendTime), resendTime / 4);
  }

  /** Only the host that was told has a say in it. */
  confirmed(host: string, n: number): void {
    if (this.#entries.get(n)?.host === host) this.#end(n, true);
  }

  /** The connection is back: whatever was on its way may have been lost. */
  resendAll(): void {
    this.#resend(0);
  }

  /** Resolves when nothing waits any more for a host that is there, or after `ms`. */
  async empty(ms: number): Promise<void> {
    if (this.#isDone) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  get #isDone(): boolean {
    for (const { isUnheard } of this.#entries.values()) if (!isUnheard) return false;
    return true;
  }

  #publish(n: number, { subject, message }: Entry): void {
    publishTo(this.#connection, subject, message, { reply: `${this.#replies}.${n}` });
  }

  /** The server may be another one, which allows less. */
  #publishAgain(n: number, entry: Entry): void {
    try {
      this.#publish(n, entry);
    } catch (error) {
      diag.warn('mirai: what a host has not confirmed cannot be sent again', error);
      this.#end(n, false);
    }
  }

  #resend(age: number): void {
    const now = performance.now();
    for (const [n, entry] of this.#entries) {
      if (now - entry.first > patience) this.#end(n, false);
      else if (now - entry.last >= age) {
        entry.last = now;
        entry.isUnheard = false;
        this.#publishAgain(n, entry);
      }
    }
  }

  #unheard({ headers, subject }: Msg): void {
    const entry = headers?.code === 503 ? this.#entries.get(Number(subject.split('.').at(-1))) : undefined;
    if (!entry) return;
    entry.isUnheard = true;
    if (this.#isDone) this.#onEmpty?.();
  }

  #end(n: number, confirmed: boolean): void {
    const entry = this.#entries.get(n);
    if (!entry) return;
    this.#entries.delete(n);
    entry.isOver(confirmed);
    if (this.#isDone) this.#onEmpty?.();
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
