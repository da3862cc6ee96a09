import type { SpanProcessor } from './telemetry/span-processor.js';

/** Where a profile is unless it is named. */
export const defaultCompute = 'default';

/** The memory limits of a daemon, as those of `new Worker()` of Node; in MiB. */
export interface ResourceLimits {
  maxOldGenerationSizeMb?: number;
  maxYoungGenerationSizeMb?: number;
  stackSizeMb?: number;
}

/** An engine that another entry of the package makes, such as `nats()`. */
export interface Engine {
  /** Scheme of its URLs. */
  readonly scheme: string;
}

/** Source: `daemons()` of the R package `mirai`. */
export interface DaemonsOptions {
  /** Name of the compute profile. Profiles are independent of each other. Default: `'default'`. */
  compute?: string;
  /**
   * Where daemons run: `'threads'` are worker threads, `'processes'` child processes, `'inline'` is the thread of the host
   * itself, for tests and for debugging; `nats()` of `otel-promise-domain/mirai/nats` has them on any machine. Default:
   * `'threads'`.
   */
  engine?: 'threads' | 'processes' | 'inline' | Engine;
  /**
   * Whether tasks wait at the host and go to whichever daemon is free. Without, they are dealt out to the daemons in turn
   * at once, and none of them changes daemons. Default: true.
   */
  dispatcher?: boolean;
  /**
   * How many bytes the arguments of waiting tasks may take. Over it `mirai()` waits outside of the queue, and `tryMirai()`
   * returns `null`. Default: no limit.
   */
  memory?: number;
  /** An integer: `Math.random()` then gives each task a stream of its own, the same one whatever daemon runs it. */
  seed?: number;
  /** After how many tasks a daemon leaves. Default: no limit. */
  maxTasks?: number;
  /** After how many milliseconds without a task a daemon leaves. It comes back when a task waits. Default: no limit. */
  idleTime?: number;
  /** After how many milliseconds a daemon leaves, once its task has ended. Default: no limit. */
  wallTime?: number;
  /**
   * Whether each task leaves the daemon as it found it: global variables, environment variables and, in processes, the
   * working directory. What `everywhere()` sets stays. Default: false.
   */
  cleanup?: boolean;
  /** Whether what daemons write to stdout and stderr goes to those of the host, in whole lines. Default: false. */
  output?: boolean;
  /** URL or absolute path of a module that each daemon loads before its first task: its own OpenTelemetry SDK, say. */
  setup?: URL | string;
  /** Where the spans of daemons go. Default: to the processor of the registered tracer provider. */
  spanProcessor?: SpanProcessor;
  /** Whether daemons that are lost or have left are replaced. Default: true. */
  respawn?: boolean;
  /**
   * How often a task is tried again that has ended its own daemon. With `nats()`, `deliveries` bounds how often one is run again
   * whose daemon has vanished. Default: 0.
   */
  retries?: number;
  /** How many milliseconds a task has to return after it was cancelled, before it is interrupted. Default: 200. */
  grace?: number;
  /** Memory limits of each daemon. Default: those of Node. */
  resourceLimits?: ResourceLimits;
}

/** Source: the arguments `.args`, `.timeout`, `.compute` of `mirai()` of the R package `mirai`. */
export interface MiraiOptions {
  /** Name of the compute profile. Default: that of `withDaemons` or `localDaemons`, else `'default'`. */
  compute?: string;
  /** Milliseconds from the call to the result, waiting included; then the task is cancelled. Default: no limit. */
  timeout?: number;
  /** Cancels the task when it aborts. */
  signal?: AbortSignal;
  /**
   * Under this key the task is evaluated once at most, whoever submits it how often: the others get the recorded result. For
   * engines that keep results, such as `nats()`.
   */
  idempotencyKey?: string;
  /** Parts of the arguments that are moved to the daemon instead of copied, as in `postMessage()`. */
  transfer?: readonly Transferable[];
}

/** What can be moved to a thread. Daemons in processes get copies of buffers, and nothing else. */
export type Transferable = ArrayBuffer | import('node:worker_threads').Transferable;

/** How far a map is. */
export interface MapProgress {
  /** Elements that have settled. */
  done: number;
  /** Elements in all, `undefined` until the end of the items is known. */
  total: number | undefined;
  /** The fractions that running tasks have reported, summed up: 0 to the number of elements that are not done. */
  partial: number;
}

export type ProgressListener = (progress: MapProgress) => void;

export interface MiraiMapOptions<C extends unknown[] = []> extends MiraiOptions {
  /** Further arguments, the same for all elements. */
  args?: C;
  /** `true` draws a bar on stderr where it is a terminal; a function is told of every change. Default: false. */
  progress?: boolean | ProgressListener;
}

export interface EverywhereOptions {
  compute?: string;
  /** On how many daemons it must have run before it is done, also if they have yet to join. Default: on those that are there. */
  min?: number;
}

/** Source: `status()` of the R package `mirai`. */
export interface Status {
  compute: string;
  /** `undefined` where no daemons are set. */
  url: string | undefined;
  /** Daemons that are connected now. */
  connections: number;
  daemons: readonly DaemonStatus[];
  /** How many tasks wait, run, and have ended since daemons were set; `failed` counts those of `completed` that rejected. */
  mirai: { awaiting: number; executing: number; completed: number; failed: number };
  /** Bytes of the arguments of waiting tasks. `capacity` is `Infinity` where there is no limit. */
  memory: { used: number; peak: number; capacity: number };
}

export interface DaemonStatus {
  /** 1 for the first of the profile; a daemon that replaces another has a number of its own. */
  id: number;
  pid: number;
  /** 0 in the main thread of a process. */
  threadId: number;
  state: 'idle' | 'executing' | 'leaving';
  /** Tasks that it has ended. */
  completed: number;
}

/** Daemons that were set. `await using` resets them at the end of the block, unless others were set since. */
export interface Daemons extends AsyncDisposable {
  readonly compute: string;
  readonly url: string;
  status(): Status;
  /** Resets them, as `daemons(0)` does; harmless when it was done before. */
  reset(): Promise<void>;
}
