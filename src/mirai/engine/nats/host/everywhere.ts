import { diag } from '@opentelemetry/api';
import type { Backlog } from '../../../dispatcher/backlog.js';
import type { Barrier, Ticket } from '../../../dispatcher/job.js';
import { DaemonLost, MiraiError } from '../../../errors.js';
import type { PendingTask, Submission } from '../../../host/pending-task.js';
import { now } from '../../../telemetry/time.js';
import { toFrame } from '../wire/frame.js';
import type { HostHead } from '../wire/from-host.js';
import type { EverywhereHead } from '../wire/task.js';
import { EverywhereContent, type Shared } from './everywhere-content.js';
import type { Roster } from './roster.js';
import { SentParts } from './sent-parts.js';
import type { Session } from './session.js';

/** Of how many parts a daemon is asked at a time. */
const mostAsked = 1000;

/** An `everywhere()`: it waits for its turn, its arguments are being stored, it is with daemons, or it cannot be sent. */
interface Order {
  readonly barrier: Barrier<PendingTask>;
  readonly content: EverywhereContent;
  readonly onPassed: (error?: Error) => void;
  state: 'waiting' | 'storing' | 'begun' | 'failed';
  failure: Error | undefined;
}

interface Parts {
  readonly publish: (daemon: string, message: Uint8Array) => void;
  readonly backlog: Backlog<PendingTask>;
  readonly roster: Roster;
  readonly session: () => Pick<Session, 'host' | 'large'>;
  /** A part is on its way to a daemon. */
  readonly fly: (ticket: Ticket<PendingTask>, daemon: string) => void;
  readonly refused: (task: PendingTask, error: unknown) => void;
  /** One that was the first in the queue may pass now. */
  readonly changed: () => void;
}

/** What `everywhere()` has daemons do: in its order, and before any task that is submitted later. */
export class HostEpochs {
  readonly #parts: Parts;
  /** Those that have begun, by their numbers, which are from 1 on: daemons that join are to do them too. */
  readonly #epochs: Order[] = [];
  /** Those that have not passed. */
  readonly #orders = new Map<Barrier<PendingTask>, Order>();
  readonly #sent = new SentParts();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How many there have been: those that come before a task which is sent now. */
  get current(): number {
    return this.#epochs.length;
  }

  add(
    make: () => PendingTask,
    min: number,
    onPassed: (error?: Error) => void,
    what: Pick<Submission<unknown>, 'key' | 'packed'>,
  ): void {
    const barrier = this.#parts.backlog.addBarrier(make, min);
    const content = new EverywhereContent(what, now());
    this.#orders.set(barrier, { barrier, content, onPassed, state: 'waiting', failure: undefined });
    for (const [, numbers] of this.#parts.roster.slots())
      for (const number of numbers) this.#open(barrier, number);
  }

  /** The barrier is the first in the queue, and all before it have started. @returns whether all daemons have done their part */
  pass(barrier: Barrier<PendingTask>): boolean {
    const order = this.#orders.get(barrier);
    if (!order) return true;
    if (order.state === 'waiting') this.#begin(order);
    const isOver = order.state === 'begun' && barrier.open.size === 0 && barrier.ran >= barrier.min;
    if (!isOver && order.state !== 'failed') return false;
    barrier.passed = true;
    this.#orders.delete(barrier);
    order.onPassed(order.failure);
    return true;
  }

  /** A daemon has joined, or has come back: it says what it lacks of what others have done. */
  joined(daemon: string, numbers: readonly number[]): void {
    for (const { barrier, state } of this.#orders.values()) {
      if (state === 'begun' || state === 'failed') continue;
      for (const number of numbers) this.#open(barrier, number);
    }
    if (this.current > 0) this.#ask(daemon, []);
  }

  gone(daemon: string): void {
    this.#sent.gone(daemon);
  }

  /** A daemon asks for what comes after `epoch`. */
  behind(daemon: string, epoch: number): void {
    const numbers = [...this.#parts.roster.slots()].find(([each]) => each === daemon)?.[1] ?? [];
    for (let next = epoch + 1; next <= this.current; next++) this.#send(next, daemon, numbers);
  }

  /** Asks for the parts that are with daemons: what was said of one may have been lost on the way, in either direction. */
  remind(): void {
    for (const [daemon, ids] of this.#sent.open()) this.#ask(daemon, ids.slice(0, mostAsked));
  }

  /** A part is over. */
  over(ticket: Ticket<PendingTask>): void {
    const { barrier } = ticket;
    if (!barrier) return;
    barrier.ran++;
    for (const [number, each] of barrier.open) if (each === ticket) barrier.open.delete(number);
  }

  /** What has not been done will not be done. */
  fail(error: Error): void {
    for (const { onPassed } of this.#orders.values()) onPassed(error);
    this.#orders.clear();
  }

  /** It gets its number only when it can be sent: tasks that come after it would wait for it. */
  #begin(order: Order): void {
    order.state = 'storing';
    try {
      const shared = this.#shared(order, this.current + 1);
      if (shared instanceof Promise) {
        shared
          .then(() => this.#begun(order))
          .catch((error: unknown) => this.#failed(order, error))
          .finally(() => this.#parts.changed());
      } else this.#begun(order);
    } catch (error) {
      this.#failed(order, error);
    }
  }

  #begun(order: Order): void {
    const { barrier } = order;
    if (!this.#orders.has(barrier)) return; // the daemons were reset meanwhile
    order.state = 'begun';
    const number = this.#epochs.push(order);
    const here = new Set<number>();
    for (const [daemon, numbers] of this.#parts.roster.slots()) {
      for (const each of numbers) here.add(each);
      this.#send(number, daemon, numbers);
    }
    // Those of slots that are gone meanwhile have nobody to do them.
    for (const [each, { job }] of barrier.open)
      if (!here.has(each)) this.#parts.refused(job, new DaemonLost('the daemon is gone'));
  }

  #failed(order: Order, error: unknown): void {
    order.state = 'failed';
    order.failure = error instanceof Error ? error : new MiraiError(String(error));
    for (const { job } of order.barrier.open.values()) this.#parts.refused(job, order.failure);
  }

  #open(barrier: Barrier<PendingTask>, number: number): Ticket<PendingTask> | undefined {
    const known = barrier.open.get(number);
    if (known || barrier.passed) return known;
    const ticket = this.#ticket(barrier, number);
    barrier.open.set(number, ticket);
    return ticket;
  }

  #ticket(barrier: Barrier<PendingTask>, number: number): Ticket<PendingTask> {
    const ticket = this.#parts.backlog.ticket(barrier.make(number), barrier);
    ticket.job.ticket = ticket;
    return ticket;
  }

  #send(number: number, daemon: string, numbers: readonly number[]): void {
    const order = this.#epochs[number - 1];
    if (!order) return;
    const { barrier } = order;
    let tickets = this.#sent.get(daemon, number);
    if (!tickets) {
      tickets = numbers.map((each) => this.#open(barrier, each) ?? this.#ticket(barrier, each));
      this.#sent.add(daemon, number, tickets);
      for (const ticket of tickets) this.#parts.fly(ticket, daemon);
    }
    const tasks = tickets.map(({ job }) => job);
    const publish = (shared: Shared) => this.#publish(number, daemon, tasks, shared);
    // Where they cannot be stored now, the daemon asks again.
    const failed = (error: unknown) =>
      diag.warn('mirai: what everywhere() is to do cannot be sent to a daemon', error);
    try {
      const shared = this.#shared(order, number);
      if (shared instanceof Promise) shared.then(publish).catch(failed);
      else publish(shared);
    } catch (error) {
      failed(error);
    }
  }

  #publish(epoch: number, daemon: string, tasks: readonly PendingTask[], { body, ...shared }: Shared): void {
    const { publish, refused, session } = this.#parts;
    const ids = tasks.map(({ submission }) => submission.id);
    const traces = tasks.map(({ submission }) => submission.trace).filter((trace) => trace !== undefined);
    const head: EverywhereHead = {
      ...{ v: 1, kind: 'everywhere', host: session().host, ids, epoch, ...shared },
      ...(traces.length > 0 && { traces }),
    };
    try {
      publish(daemon, toFrame(head, body));
    } catch (cause) {
      const error = new MiraiError(`the task cannot be sent: ${String(cause)}`, { cause });
      for (const task of tasks) refused(task, error);
    }
  }

  #ask(daemon: string, ids: readonly number[]): void {
    const { publish, session } = this.#parts;
    const { host } = session();
    const head: HostHead = { v: 1, kind: 'epoch', host, epoch: this.current, ids: [...ids] };
    publish(daemon, toFrame(head));
  }

  #shared({ content }: Order, number: number): Shared | Promise<Shared> {
    const { host, large } = this.#parts.session();
    return content.get(large, `everywhere.${host}.${number}`);
  }
}
