import { type NatsConnection, RequestError } from '@nats-io/transport-node';
import type { EndOfTask } from '../../../host/pending-task.js';
import type { SpanIds } from '../../../protocol/messages.js';
import { serialize } from '../../../protocol/serialize.js';
import type { SpanRecord } from '../../../protocol/span-record.js';
import type { LargeValues } from '../large-values.js';
import type { Names } from '../names.js';
import { publishTo } from '../publish.js';
import { longestHead, toFrame } from '../wire/frame.js';
import type { Slot } from '../wire/parts.js';
import type { TaskHead } from '../wire/task.js';
import { sizeOf, toWire } from '../wire/value.js';
import type { Outbox, Sending } from './outbox.js';
import { chunksOf, type SpanChunk } from './span-chunks.js';

/** How many bytes of spans go with the end of their task; more of them go ahead of it. */
const mostBeside = 64 * 1024;

/** What a message of spans needs beside them, in bytes. */
const overhead = 4096;

/** Characters of what is said about a task that is lost or refused, at most. */
const longestMessage = 10_000;

/** How long a host may take to say whether a task is to be begun once more, in ms. */
const patience = 2000;

/** A message to a host, apart from its number. */
export interface Report {
  readonly head: { readonly message?: string; readonly [name: string]: unknown };
  readonly body: Uint8Array | string;
}

/** That a task was not run, and why. */
export function refusal(id: number, error: unknown): Report {
  const message = error instanceof Error ? error.message : String(error);
  return { head: { kind: 'lost', id, message, refused: true }, body: '' };
}

/** A task that has ended, and the key under which its end is kept. */
type Ended = Pick<TaskHead, 'host' | 'id' | 'key'>;

/** What a daemon says to hosts. */
export class Reports {
  readonly #connection: NatsConnection;
  readonly #names: Names;
  readonly #daemon: string;
  readonly #outbox: Outbox;
  readonly #large: LargeValues;

  constructor(connection: NatsConnection, names: Names, daemon: string, outbox: Outbox, large: LargeValues) {
    this.#connection = connection;
    this.#names = names;
    this.#daemon = daemon;
    this.#outbox = outbox;
    this.#large = large;
  }

  /** What is lost does no harm. */
  tell(host: string, head: object): void {
    publishTo(this.#connection, this.#names.toHost(host), toFrame({ v: 1, daemon: this.#daemon, ...head }));
  }

  /** Tells the host before a task is begun that may end its daemon. */
  async startedAgain({ host, id }: TaskHead, delivery: number): Promise<void> {
    this.tell(host, { kind: 'started', id, delivery });
    await this.#connection.flush();
  }

  /** Whether a task that was delivered too often was begun less often than that; `undefined` if its host does not say. */
  async mayStart({ host, id, deliveries }: TaskHead): Promise<boolean | undefined> {
    try {
      const answer = await this.#connection.request(this.#names.startsAt(host), String(id), {
        timeout: patience,
      });
      return Number(answer.string()) < deliveries;
    } catch {
      return undefined;
    }
  }

  /** Whether the server knows that nobody is there. */
  async isGone(host: string): Promise<boolean> {
    try {
      await this.#connection.request(this.#names.startsAt(host), '0', { timeout: patience });
      return false;
    } catch (error) {
      return error instanceof RequestError && error.isNoResponders();
    }
  }

  /** What the host has to confirm. */
  send(host: string, { head, body }: Report, sending?: Sending): void {
    const { message } = head;
    const short = message === undefined ? undefined : message.slice(0, longestMessage);
    const make = (n: number) => toFrame({ v: 1, daemon: this.#daemon, n, ...head, message: short }, body);
    this.#outbox.send(host, this.#names.toHost(host), make, sending);
  }

  /** Tells the host of a task how it has ended. */
  sendEnd(
    { host, id, key }: Pick<TaskHead, 'host' | 'id' | 'key'>,
    report: Report,
    isOver: () => void,
  ): void {
    // What is kept under a key is found there by a host that comes back.
    const sending: Sending = { isOver, ifUnheard: key === undefined ? undefined : 'end soon' };
    try {
      this.send(host, report, sending);
    } catch (error) {
      // The server may allow less than it did when the report was made.
      this.send(host, refusal(id, error), sending);
    }
  }

  /**
   * @param isOver where they are for any host: is called for each message, with the spans in it, at once where nobody is there
   */
  spans(
    host: string,
    slot: Slot,
    all: readonly SpanRecord[],
    isOver?: (confirmed: boolean, spans: readonly SpanRecord[]) => void,
  ): void {
    for (const { spans } of this.#chunksOf(all)) {
      const sending: Sending | undefined = isOver && {
        isOver: (confirmed) => isOver(confirmed, spans),
        ifUnheard: 'end',
      };
      this.send(host, { head: { kind: 'spans', slot, spans }, body: '' }, sending);
    }
  }

  slotLost(host: string, connect: SpanIds | undefined, tasks: readonly number[]): void {
    this.send(host, { head: { kind: 'slotLost', connect, tasks }, body: '' });
  }

  /** How a task has ended, or why that cannot be said; a promise where the value is too large for a message, and is stored first. */
  ended(task: Ended, end: EndOfTask, slot: Slot): Report | Promise<Report> {
    const { id } = task;
    try {
      const report = this.#ended(task, end, slot);
      return report instanceof Promise ? report.catch((error: unknown) => refusal(id, error)) : report;
    } catch (error) {
      return refusal(id, error);
    }
  }

  #ended({ host, id, key }: Ended, end: EndOfTask, slot: Slot): Report | Promise<Report> {
    const { ran, waited, eval: brief } = end;
    const value =
      end.kind === 'result' ? toWire(end) : ({ form: 'bytes', body: serialize(end.error) } as const);
    const { form, body } = value;
    const size = sizeOf(value);
    const spans = end.spans && this.#beside(host, slot, end.spans, size);
    const head = { kind: end.kind, id, slot, ran, waited, eval: brief, spans, form };
    if (!this.#large.isLarge(size)) return { head, body };
    this.#large.check('the result of the task', size);
    // What is kept is for others, too: its host does not delete it.
    const name = `${key === undefined ? 'result' : 'kept'}.${host}.${id}.${this.#daemon}`;
    return this.#large.put(name, body).then((large) => ({ head: { ...head, large }, body: '' }));
  }

  /** Sends the spans of a task unless they go with its result, which takes so many bytes. @returns those that do */
  #beside(
    host: string,
    slot: Slot,
    all: readonly SpanRecord[],
    size: number,
  ): readonly SpanRecord[] | undefined {
    const [first, ...more] = this.#chunksOf(all);
    if (!first) return undefined;
    const rest = this.#large.isLarge(size) ? 0 : size;
    const isSmall = first.bytes <= mostBeside && !this.#large.isLarge(rest, first.bytes);
    if (isSmall && more.length === 0) return first.spans;
    this.spans(host, slot, all);
    return undefined;
  }

  #chunksOf(spans: readonly SpanRecord[]): SpanChunk[] {
    const { max_payload = longestHead } = this.#connection.info ?? {};
    return chunksOf(spans, Math.min(longestHead, max_payload) - overhead);
  }
}
