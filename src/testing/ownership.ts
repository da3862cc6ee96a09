import type { Span } from '@opentelemetry/api';
import { builtIn } from './built-in.js';
import type { Recording } from './recording.js';

interface Storage {
  getStore(): Recording | null | undefined;
  run<R>(recording: Recording | null, fn: () => R): R;
}

interface AsyncHooks {
  AsyncLocalStorage: new () => Storage;
}

/** Node, Deno and Bun keep the recording across everything asynchronous; browsers have nothing that does. */
const { AsyncLocalStorage } = builtIn<AsyncHooks>('node:async_hooks') ?? {};
const storage = AsyncLocalStorage && new AsyncLocalStorage();

/**
 * Without a storage: whose code is running, as far as callbacks and awaits of domain promises tell. `null` in those that
 * are known to belong to no recording.
 */
let running: Recording | null | undefined;

/** The recordings that are not over. */
const recordings = new Set<Recording>();

/** Calls `fn` as a part of the program of `recording`, or of none. */
export function runAs<R>(recording: Recording | undefined, fn: () => R): R {
  if (storage) return storage.run(recording ?? null, fn);
  const before = running;
  running = recording ?? null;
  try {
    return fn();
  } finally {
    running = before;
  }
}

/** For what is entered and left in two events of one job: a callback, or what follows an await. */
export function enterJobOf(recording: Recording | undefined): void {
  running = recording ?? null;
}

export function leaveJob(): void {
  running = undefined;
}

/**
 * The recording whose program is running. Without a storage, code that nothing is known about belongs to the only
 * recording there is; if there are several, to none.
 */
export function ownerNow(): Recording | undefined {
  const [only] = recordings.size === 1 && running === undefined ? recordings : [];
  const owner = storage ? storage.getStore() : (running ?? only);
  return owner && recordings.has(owner) ? owner : undefined;
}

export function open(recording: Recording): void {
  recordings.add(recording);
}

/** The same; where nothing is known about the running code, the recording that has started `span`. */
export function ownerNowOr(span: Span | undefined): Recording | undefined {
  const isKnown = (storage ? storage.getStore() : running) !== undefined;
  return ownerNow() ?? (isKnown ? undefined : recordingOf(span));
}

/** The recording that has started `span`, if it is not over. */
export function recordingOf(span: Span | undefined): Recording | undefined {
  return span && [...recordings].find((recording) => recording.hasStarted(span));
}

export function close(recording: Recording): void {
  recordings.delete(recording);
}
