import type { Ticket } from '../dispatcher/job.js';
import type { Link } from '../engine/engine.js';
import { ledgerSize } from '../protocol/ledger.js';
import type { HostMessage, Run, SpanIds } from '../protocol/messages.js';
import type { PendingTask } from './pending-task.js';
import type { TaskKey } from './task-keys.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** How long a daemon may take to come up, and, once it has said that it leaves, to hand over its spans; in ms. */
const startTime = 60_000;
const flushTime = 15_000;

/** How long a daemon without a task may take to hear that it is to leave, in ms. */
const patience = 5000;

/** How long the end of a task that was broken off may take, in ms. */
const interruptTime = 500;

/** How many tasks a daemon remembers by number. */
const mostDefined = 500;

/** The host's end of a daemon: what was sent to it and is not over, and what waits to be sent in this turn. */
export class Connection {
  readonly id: number;
  readonly #link: () => Link;
  readonly #grace: number;
  state: 'starting' | 'connected' | 'leaving' | 'gone' = 'starting';
  pid = 0;
  threadId = 0;
  connect: SpanIds | undefined;
  /** Whether it was sent a task. */
  wasUsed = false;
  /** When it connected, in ms since the start of the host. */
  since = Number.POSITIVE_INFINITY;
  /** Whether it leaves because it had nothing to do. */
  wasIdle = false;
  readonly #jobs = new Map<number, Ticket<PendingTask>>();
  readonly #defined = new Set<number>();
  #outbox: HostMessage[] = [];
  /** What waits for room in the ledger, in order. */
  #held: Run[] = [];
  /** What moves with them. */
  readonly #moves = new Map<HostMessage, readonly object[]>();
  #next = 1;
  #deadline: NodeJS.Timeout | undefined;
  #interrupted: number | undefined;

  constructor(id: number, link: () => Link, grace: number) {
    this.id = id;
    this.#link = link;
    this.#grace = grace;
    this.#killAfter(startTime);
  }

  connected(pid: number, threadId: number, connect: SpanIds | undefined): void {
    clearTimeout(this.#deadline);
    Object.assign(this, { pid, threadId, connect, state: 'connected', since: performance.now() });
  }

  send(ticket: Ticket<PendingTask>): void {
    this.wasUsed = true;
    const job = this.#next++;
    this.#jobs.set(job, ticket);
    ticket.job.number = job;
    const { id, key, packed, submitted, inMap, stays, trace, random } = ticket.job.submission;
    if (!this.#defined.has(key.key)) this.#define(key);
    const { form, data } = packed.payload;
    // Reason for the cast: `form` and `data` are of one payload.
    const run = { kind: 'run', job, id, task: key.key, form, data, submitted } as Writable<Run>;
    if (inMap) run.inMap = true;
    if (stays) run.stays = true;
    if (trace) run.trace = trace;
    if (random) run.random = random;
    if (this.#isFull(job)) this.#held.push(run);
    else this.#outbox.push(run);
    if (packed.moves.length > 0) this.#moves.set(run, packed.moves);
  }

  /** Asks for tasks back. @returns those that were not sent yet, and need not be asked for */
  recall(tickets: readonly Ticket<PendingTask>[]): Set<Ticket<PendingTask>> {
    const asked = new Set(tickets.map(({ job }) => job.number));
    const back = this.#held.filter(({ job }) => asked.has(job)).map(({ job }) => job);
    if (back.length > 0) this.#held = this.#held.filter(({ job }) => !asked.has(job));
    for (const job of back) asked.delete(job);
    if (asked.size > 0) this.#outbox.push({ kind: 'recall', jobs: [...asked] });
    return new Set(back.flatMap((job) => this.forget(job) ?? []));
  }

  /** Asks for the end of a task that runs, and breaks it off when it does not come. */
  abort(ticket: Ticket<PendingTask>): void {
    const job = ticket.job.number;
    this.#outbox.push({ kind: 'abort', job });
    this.#interrupted = job;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.#killAfter(interruptTime);
      this.#link().send([{ kind: 'interrupt', job }], []);
    }, this.#grace).unref();
  }

  leave(): void {
    if (this.state === 'gone') return;
    this.state = 'leaving';
    this.#outbox.push({ kind: 'leave' });
    this.#killAfter(this.#jobs.size > 0 ? this.#grace : patience);
  }

  /** It has heard that it is to leave. */
  isLeaving(): void {
    this.#killAfter(flushTime);
  }

  gone(): void {
    this.state = 'gone';
    clearTimeout(this.#deadline);
  }

  get hasMessages(): boolean {
    return this.#outbox.length > 0;
  }

  flush(): void {
    const messages = this.#outbox;
    if (messages.length === 0) return;
    this.#outbox = [];
    const moves = this.#moves.size > 0 ? messages.flatMap((message) => this.#moves.get(message) ?? []) : [];
    if (moves.length > 0) for (const message of messages) this.#moves.delete(message);
    if (this.state !== 'gone') this.#link().send(messages, moves);
  }

  /** Waits for what it says next, for at most `ms`. */
  stayAwake(ms: number): void {
    if (this.state !== 'gone') this.#link().stayAwake?.(ms);
  }

  kill(): void {
    if (this.state !== 'gone') this.#link().kill();
  }

  /** What it was sent and has not ended, in that order. */
  tickets(): [job: number, Ticket<PendingTask>][] {
    return [...this.#jobs];
  }

  ticket(job: number): Ticket<PendingTask> | undefined {
    return this.#jobs.get(job);
  }

  /** The daemon has nothing to do with it any more. */
  forget(job: number): Ticket<PendingTask> | undefined {
    const ticket = this.#jobs.get(job);
    if (!ticket) return undefined;
    this.#jobs.delete(job);
    while (this.#held[0] && !this.#isFull(this.#held[0].job)) this.#outbox.push(this.#held.shift() as Run); // cast: it is there
    if (job === this.#interrupted) {
      this.#interrupted = undefined;
      if (this.state === 'connected') clearTimeout(this.#deadline);
    }
    return ticket;
  }

  /** Whether the ledger has no room for the job: its cell is that of one that is in hand. */
  #isFull(job: number): boolean {
    const [oldest = job] = this.#jobs.keys();
    return job - oldest >= ledgerSize;
  }

  #define({ key, source }: TaskKey): void {
    // Not while tasks are held back, which come after and need what was defined before.
    if (this.#defined.size >= mostDefined && this.#held.length === 0) {
      this.#defined.clear();
      this.#outbox.push({ kind: 'forget' });
    }
    this.#defined.add(key);
    this.#outbox.push({ kind: 'define', task: key, source });
  }

  #killAfter(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.kill(), ms).unref();
  }
}
