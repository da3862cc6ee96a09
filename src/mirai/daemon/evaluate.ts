import { MiraiError } from '../errors.js';
import { type Payload, packResult, unpack } from '../protocol/codec.js';
import type { Run, TaskSource } from '../protocol/messages.js';
import { packError, type RemoteError } from '../protocol/remote-error.js';
import { loadTask, type TaskFunction } from './load-task.js';
import { trimStack } from './trim-stack.js';

/** What became of a task. */
export type Outcome =
  | { readonly kind: 'result'; readonly value: Payload; readonly thrown?: undefined }
  | { readonly kind: 'failure'; readonly error: RemoteError; readonly thrown: unknown };

/** A task that was defined, with its function once that is loaded. */
export interface DefinedTask {
  readonly source: TaskSource;
  fn: TaskFunction | undefined;
  /** How long it took the last time, in ms. */
  took: number;
}

export function succeeded(value: unknown, shares: boolean): Outcome {
  try {
    return { kind: 'result', value: packResult(value, shares) };
  } catch (cause) {
    return failed(cannotCopy(cause));
  }
}

export function failed(thrown: unknown): Outcome {
  return { kind: 'failure', error: packError(thrown, trimStack), thrown };
}

export function cannotCopy(cause: unknown): MiraiError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MiraiError(`the result of the task cannot be copied: ${why}`, { cause });
}

/** Loads the function where it was not needed before. */
export async function functionOf(task: DefinedTask): Promise<TaskFunction> {
  task.fn ??= await loadTask(task.source);
  return task.fn;
}

/** Calls the task. Its name is where stack traces are cut. */
export function evaluateTask(fn: TaskFunction, run: Run): unknown {
  return fn(...(unpack(run) as unknown[])); // cast: the host packs an array
}
