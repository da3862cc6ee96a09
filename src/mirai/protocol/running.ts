import type { Span } from '@opentelemetry/api';

/** The task that runs. */
export interface CurrentTask {
  /** That of its `Mirai`. */
  readonly id: number;
  /** Aborts when the task is cancelled, is not done in time, or its daemons are reset. */
  readonly signal: AbortSignal;
  /** Its `daemon eval`; `undefined` without tracing. */
  readonly span: Span | undefined;
  /**
   * Tells the host how much of the task is done.
   *
   * @param fraction from 0 to 1
   */
  progress(fraction: number): void;
  /** As `Math.random()`: with `seed` the next number of the stream of this task. */
  random(): number;
}

interface Running {
  /** Whether this thread belongs to a daemon. */
  readonly isDaemon: boolean;
  task(): (CurrentTask & { readonly inMap: boolean }) | undefined;
}

/** Versioned, and global so that the runtime of the daemon and the modules of tasks agree, whatever copies they are. */
const key: unique symbol = Symbol.for('otel-promise-domain.mirai.1');

// Reason for the cast: `globalThis` has no index signature for symbols.
const realm = globalThis as { [key]?: Running };

/** What runs in this thread, if a daemon is in it. */
export function running(): Running | undefined {
  return realm[key];
}

/** Says what runs in this thread from now on. */
export function setRunning(value: Running): void {
  realm[key] = value;
}
