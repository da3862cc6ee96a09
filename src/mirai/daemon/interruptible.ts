import { Script } from 'node:vm';
import { isError } from '../protocol/describe.js';

const key: unique symbol = Symbol.for('otel-promise-domain.mirai.call');

// Reason for the cast: `globalThis` has no index signature for symbols.
const realm = globalThis as { [key]?: (() => unknown) | undefined };

const script = new Script(`globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(key))})]()`);

/** Calls `fn`, which SIGINT breaks off: then this throws what `isInterruption` tells. Costs some 50 µs a call. */
export function interruptible<R>(fn: () => R): R {
  realm[key] = fn;
  try {
    return script.runInThisContext({ breakOnSigint: true, displayErrors: false });
  } finally {
    realm[key] = undefined;
  }
}

export function isInterruption(thrown: unknown): boolean {
  return isError(thrown) && 'code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
}
