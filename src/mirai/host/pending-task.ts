import type { SpanContext } from '@opentelemetry/api';
import type { Job, Ticket } from '../dispatcher/job.js';
import { MiraiInterrupt, MiraiTimeout } from '../errors.js';
import type { Packed } from '../protocol/codec.js';
import type { Carrier, DaemonMessage } from '../protocol/messages.js';
import type { RandomState } from '../protocol/random-state.js';
import type { Origin as DaemonOrigin } from '../telemetry/relay.js';
import type { TaskKey } from './task-keys.js';

/** How a daemon says that a task has ended. */
export type EndOfTask = Extract<DaemonMessage, { kind: 'result' | 'failure' }>;

/** What is told of tasks: once that one has ended, either way, and of its progress before that. */
export interface TaskListener<O> {
  resolved(owner: O, value: unknown): void;
  rejected(owner: O, error: unknown): void;
  progressed?(owner: O, fraction: number): void;
  /** Takes the end of a task as its daemon told it, instead of `resolved` and `rejected` with what that says. */
  ended?(owner: O, end: EndOfTask, by: DaemonOrigin): void;
}

/** How the result of a task is kept. */
export interface KeptResult {
  readonly key: string;
  /** Whether the task is never to be evaluated twice. */
  readonly once: boolean;
}

/** What a task is submitted with. */
export interface Submission<O> {
  readonly id: number;
  readonly key: TaskKey;
  readonly packed: Packed;
  /** In ms since the epoch. */
  readonly submitted: number;
  readonly retries: number;
  readonly inMap: boolean;
  /** Whether what it sets stays, whatever `cleanup` says. */
  readonly stays: boolean;
  /** Its `mirai` span, where there is tracing. */
  readonly span: SpanContext | undefined;
  readonly trace: Carrier | undefined;
  readonly random: RandomState | undefined;
  /** Under which its result is kept, where the engine does that. */
  readonly kept?: KeptResult | undefined;
  readonly listener: TaskListener<O>;
  /** Whose task it is, for the listener. */
  readonly owner: O;
}

/** A task of the host that has not settled yet. */
export class PendingTask<O = unknown> implements Job {
  readonly submission: Submission<O>;
  ticket: Ticket<PendingTask> | undefined;
  /** Its number with the daemon that has it. */
  number = 0;
  /** What could cancel it, to be removed. */
  #release: (() => void)[] | undefined;
  #isSettled = false;

  constructor(submission: Submission<O>) {
    this.submission = submission;
  }

  get bytes(): number {
    return this.submission.packed.bytes;
  }

  get kind(): number {
    return this.submission.key.key;
  }

  get pinned(): boolean {
    return this.submission.packed.moves.length > 0;
  }

  get retries(): number {
    return this.submission.retries;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  get state(): 'awaiting' | 'executing' | 'resolved' {
    if (this.#isSettled) return 'resolved';
    return this.ticket?.place === 'running' ? 'executing' : 'awaiting';
  }

  progress(fraction: number): void {
    const { listener, owner } = this.submission;
    if (!this.#isSettled) listener.progressed?.(owner, fraction);
  }

  resolve(value: unknown): void {
    const { listener, owner } = this.submission;
    if (this.#settle()) listener.resolved(owner, value);
  }

  reject(error: unknown): void {
    const { listener, owner } = this.submission;
    if (this.#settle()) listener.rejected(owner, error);
  }

  /** Hands on the end as it is. @returns `false` where it is for the caller to read, as it is of one that was cancelled */
  end(end: EndOfTask, by: DaemonOrigin): boolean {
    const { listener, owner } = this.submission;
    if (!listener.ended || !this.#settle()) return false;
    listener.ended(owner, end, by);
    return true;
  }

  /** Calls `cancel` when the time is over or the signal aborts, unless the task has settled before. */
  watch(timeout: number | undefined, signal: AbortSignal | undefined, cancel: (error: Error) => void): void {
    this.#release = [];
    if (timeout !== undefined) {
      const message = `task ${this.submission.id} was not done within ${timeout} ms`;
      const timer = setTimeout(() => cancel(new MiraiTimeout(message)), timeout);
      this.#release.push(() => clearTimeout(timer));
    }
    if (!signal) return;
    const abort = () => cancel(interrupted(this.submission.id, signal.reason));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    this.#release.push(() => signal.removeEventListener('abort', abort));
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    if (this.#release) for (const release of this.#release) release();
    this.#release = undefined;
    return true;
  }
}

export function interrupted(id: number, reason: unknown): MiraiInterrupt {
  return new MiraiInterrupt(`task ${id} was cancelled`, reason === undefined ? {} : { cause: reason });
}
