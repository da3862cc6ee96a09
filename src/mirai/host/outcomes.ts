import { MiraiError } from '../errors.js';
import { unpack } from '../protocol/codec.js';
import { reviveError } from '../protocol/remote-error.js';
import type { ProfileMetrics } from '../telemetry/profile-metrics.js';
import type { EndOfTask, PendingTask } from './pending-task.js';

/** The result. @throws the error of the task, or MiraiError if either cannot be read */
function read(end: EndOfTask): unknown {
  let error: MiraiError;
  try {
    if (end.kind === 'result') return unpack(end);
    error = reviveError(end.error);
  } catch (cause) {
    error = new MiraiError(`what the task gave cannot be read: ${String(cause)}`, { cause });
  }
  throw error;
}

/** Settles tasks, and counts how they end. */
export class Outcomes {
  readonly #metrics: ProfileMetrics;
  /** How many were rejected. */
  failed = 0;

  constructor(metrics: ProfileMetrics) {
    this.#metrics = metrics;
  }

  /** As its daemon says; nothing where it was settled before. */
  settle(task: PendingTask, end: EndOfTask): void {
    if (task.isSettled) return;
    const { waited, ran } = end;
    try {
      const value = read(end);
      this.#metrics.ended(false, waited, ran);
      task.resolve(value);
    } catch (error) {
      this.failed++;
      this.#metrics.ended(true, waited, ran);
      task.reject(error);
    }
  }

  reject(task: PendingTask, error: Error): void {
    if (task.isSettled) return;
    this.failed++;
    this.#metrics.ended(true);
    task.reject(error);
  }
}
