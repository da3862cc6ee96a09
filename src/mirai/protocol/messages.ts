import type { Payload } from './codec.js';
import type { RandomState } from './random-state.js';
import type { RemoteError } from './remote-error.js';
import type { SpanRecord } from './span-record.js';

/** Where a task is found. */
export type TaskSource =
  | { readonly kind: 'module'; readonly url: string; readonly name: string }
  | { readonly kind: 'source'; readonly source: string };

/** Headers of the propagators; where there is no other than `traceparent`, that one's value alone. */
export type Carrier = string | Record<string, string>;

/** A `daemon eval` to which the task has added nothing: the host knows the rest. Times are as in an `HrTime`. */
export type EvalBrief = readonly [
  spanId: string,
  startSeconds: number,
  startNanoseconds: number,
  endSeconds: number,
  endNanoseconds: number,
];

/** The parts of a span context that identify it. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** Where a profile is, as its spans say. */
export interface Endpoint {
  readonly url: string;
  readonly address: string;
  readonly port?: number;
  readonly transport: string;
}

/** What a daemon is told at its start. */
export interface DaemonStart {
  readonly id: number;
  readonly endpoint: Endpoint;
  readonly setup: string | undefined;
  readonly cleanup: boolean;
  /** Whether `Math.random()` gives the streams of tasks. */
  readonly seeded: boolean;
  /** Whether the host traces. */
  readonly tracing: boolean;
  /** Path of the `@opentelemetry/api` that the host uses, where it is a file. */
  readonly api: string | undefined;
  /** Whether results may hold what only threads of one process can share. */
  readonly shares: boolean;
  /** For how many ms it waits for the next task without sleep. */
  readonly awake: number;
}

/** A task on its way to a daemon, with its arguments. `job` numbers what this daemon was sent, `id` is the one that users see. */
export type Run = Payload & {
  readonly kind: 'run';
  readonly job: number;
  readonly id: number;
  /** Number under which the task was defined before. */
  readonly task: number;
  /** When it was submitted, in ms since the epoch. */
  readonly submitted: number;
  readonly inMap?: boolean;
  /** Whether what it sets stays, whatever `cleanup` says. */
  readonly stays?: boolean;
  readonly trace?: Carrier;
  readonly random?: RandomState;
};

export type HostMessage =
  | { readonly kind: 'define'; readonly task: number; readonly source: TaskSource }
  | { readonly kind: 'forget' }
  | Run
  /** `job` is not wanted any more: its signal aborts. */
  | { readonly kind: 'abort'; readonly job: number }
  /** To be answered by `recalled`, by what shares the ledger with the daemon. */
  | { readonly kind: 'recall'; readonly jobs: readonly number[] }
  /** The same: break off the job. */
  | { readonly kind: 'interrupt'; readonly job: number }
  /** Go, with the last spans; what runs is aborted. */
  | { readonly kind: 'leave' };

/** How a task ended. */
export interface Ended {
  readonly job: number;
  /** How long it ran, in ms. */
  readonly ran: number;
  /** How long it waited from its submission to its start, in ms. */
  readonly waited: number;
  readonly eval?: EvalBrief;
  /** Those that ended with it or since the last message. */
  readonly spans?: readonly SpanRecord[];
}

export type DaemonMessage =
  | {
      readonly kind: 'ready';
      readonly pid: number;
      readonly threadId: number;
      readonly connect: SpanIds | undefined;
      readonly spans: readonly SpanRecord[];
    }
  /** It cannot start: its setup module failed. */
  | { readonly kind: 'unready'; readonly error: RemoteError }
  | (Ended & Payload & { readonly kind: 'result' })
  | (Ended & { readonly kind: 'failure'; readonly error: RemoteError })
  | { readonly kind: 'progress'; readonly job: number; readonly fraction: number }
  | { readonly kind: 'spans'; readonly spans: readonly SpanRecord[] }
  /** A task left something behind that failed after its end. */
  | { readonly kind: 'stray'; readonly task: number | undefined; readonly error: RemoteError }
  /** An exception that nothing caught ends it. */
  | { readonly kind: 'dying'; readonly error: RemoteError }
  /** It leaves, and has yet to export its spans. */
  | { readonly kind: 'leaving' }
  /** Of the jobs that were asked for, these were not started. */
  | { readonly kind: 'recalled'; readonly asked: readonly number[]; readonly given: readonly number[] }
  | { readonly kind: 'left'; readonly spans: readonly SpanRecord[] };
