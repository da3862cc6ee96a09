import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { diag } from '@opentelemetry/api';
import { publishTo } from '../publish.js';

/** After how many ms something is sent again that was not confirmed. */
const resendTime = 2000;

/** For how many ms it is sent again before the host is given up. */
const patience = 60_000;

/** How long a host may be gone that only reconnects, in ms. */
const reconnectTime = 5000;

/** How many messages may wait, and how many bytes, before no more tasks are taken. */
const mostEntries = 20_000;
const mostBytes = 32 * 1024 * 1024;

/** What becomes of a message. */
export interface Sending {
  /** Is called when it is confirmed, or when the host is given up. */
  readonly isOver?: ((confirmed: boolean) => void) | undefined;
  /** How soon the host is given up where the server knows nobody of that name: sooner than others, or at once. */
  readonly ifUnheard?: 'end soon' | 'end' | undefined;
}

interface Entry extends Sending {
  readonly host: string;
  readonly subject: string;
  readonly message: Uint8Array;
  readonly first: number;
  last: number;
  /** The server says that nobody is there to hear it. */
  isUnheard: boolean;
  /** Since when it has said so each time. */
  unheardSince: number | undefined;
}

/** What a daemon has told hosts and they have not confirmed. */
export class Outbox {
  readonly #connection: NatsConnection;
  /** Where the server says that nobody hears a message. */
  readonly #replies: string;
  readonly #onRoom: () => void;
  readonly #entries = new Map<number, Entry>();
  #bytes = 0;
  #next = 1;
  #timer: NodeJS.Timeout | undefined;
  #onEmpty: (() => void) | undefined;

  /** @param onRoom is called when it is not full any more */
  constructor(connection: NatsConnection, replies: string, onRoom: () => void) {
    this.#connection = connection;
    this.#replies = replies;
    this.#onRoom = onRoom;
    connection.subscribe(`${replies}.*`, { callback: (_, message) => this.#unheard(message) });
  }

  /** Whether so much waits that there is to be no more. */
  get isFull(): boolean {
    return this.#bytes > mostBytes || this.#entries.size > mostEntries;
  }

  /**
   * Sends a message until it is confirmed.
   *
   * @param make gives the message with its number
   * @throws if it is larger than what the server allows
   */
  send(host: string, subject: string, make: (n: number) => Uint8Array, sending: Sending = {}): void {
    const n = this.#next++;
    const now = performance.now();
    const { isOver, ifUnheard } = sending;
    const message = make(n);
    const entry: Entry = {
      host,
      subject,
      message,
      isOver,
      ifUnheard,
      first: now,
      last: now,
      isUnheard: false,
      unheardSince: undefined,
    };
    this.#publish(n, entry);
    this.#entries.set(n, entry);
    this.#bytes += message.length;
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

  /** Looks through all only where somebody waits for it. */
  #tellIfEmpty(): void {
    if (this.#onEmpty && this.#isDone) this.#onEmpty();
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
      if (now - entry.first > patience || this.#isGone(entry, now)) this.#end(n, false);
      else if (now - entry.last >= age) {
        if (!entry.isUnheard) entry.unheardSince = undefined;
        entry.last = now;
        entry.isUnheard = false;
        this.#publishAgain(n, entry);
      }
    }
  }

  /** Whether it is not worth while to wait for its host any more. */
  #isGone({ isUnheard, unheardSince = Number.POSITIVE_INFINITY, ifUnheard }: Entry, now: number): boolean {
    return isUnheard && now - unheardSince > reconnectTime && (ifUnheard === 'end soon' || this.isFull);
  }

  #unheard({ headers, subject }: Msg): void {
    const n = Number(subject.split('.').at(-1));
    const entry = headers?.code === 503 ? this.#entries.get(n) : undefined;
    if (!entry) return;
    entry.isUnheard = true;
    entry.unheardSince ??= performance.now();
    if (entry.ifUnheard === 'end') this.#end(n, false);
    else this.#tellIfEmpty();
  }

  #end(n: number, confirmed: boolean): void {
    const entry = this.#entries.get(n);
    if (!entry) return;
    const wasFull = this.isFull;
    this.#entries.delete(n);
    this.#bytes -= entry.message.length;
    entry.isOver?.(confirmed);
    if (wasFull && !this.isFull) this.#onRoom();
    this.#tellIfEmpty();
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
