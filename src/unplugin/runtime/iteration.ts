import { captureAwait } from '../../domain/await-bracket.js';
import type { Enter } from '../../domain/global-state.js';
import { awaited, hasToKeep } from './operand.js';

type Method = (...args: unknown[]) => unknown;

/** What an iterator may have; each member is read when the language reads it. */
export type Steps = { readonly [K in 'next' | 'throw' | 'return']?: unknown };

/** What `for await` is to iterate in place of `iterable`: steps whose results keep what is active at each of them. */
export function iterated(iterable: unknown): unknown {
  if (!hasToKeep()) return iterable;
  return {
    [Symbol.asyncIterator]() {
      const iterator = openAsync(iterable);
      const kept = (method: Method): Method => {
        return (...args) => awaited(Reflect.apply(method, iterator, args));
      };
      return {
        get next() {
          // Reason for the cast: the language does not look what it is until it calls it, nor does this.
          return kept(iterator.next as Method);
        },
        get return() {
          const method = methodOf(iterator, 'return');
          return method && kept(method);
        },
      };
    },
  };
}

/**
 * GetIterator of ECMA-262 for async iteration.
 *
 * @param enter what the steps of a sync iterator run in, and get what `yield*` received; `undefined` for a `for await`
 */
export function openAsync(iterable: unknown, enter?: Enter): Steps {
  const open = methodOf(iterable, Symbol.asyncIterator);
  if (open) return objectOf(Reflect.apply(open, iterable, []));
  const openSync = methodOf(iterable, Symbol.iterator);
  if (!openSync) throw new TypeError(`${typeof iterable} is not async iterable`);
  const iterator = objectOf(Reflect.apply(openSync, iterable, []));
  return eachAwaited({
    [Symbol.asyncIterator]: undefined,
    [Symbol.iterator]: () => keptSteps(iterator, enter),
  });
}

/**
 * The steps of a sync iterator. Where a value is rejected, the engine closes it in a job of its own: that happens in what
 * was active at the step.
 */
function keptSteps(iterator: Steps, delegating: Enter | undefined): Steps {
  let enter = delegating;
  // `for await` passes nothing on, which `yield*` below cannot do.
  const call = (method: Method, args: unknown[]) => Reflect.apply(method, iterator, delegating ? args : []);
  const entering = (method: Method | undefined) =>
    method &&
    ((...args: unknown[]) => {
      const leave = enter?.();
      try {
        return call(method, args);
      } finally {
        leave?.();
      }
    });
  return {
    get next() {
      const { next } = iterator;
      return (...args: unknown[]) => {
        enter = delegating ?? captureAwait();
        return call(next as Method, args); // cast: what cannot be called throws, as it is to
      };
    },
    get throw() {
      return entering(methodOf(iterator, 'throw'));
    },
    get return() {
      return entering(methodOf(iterator, 'return'));
    },
  };
}

/** CreateAsyncFromSyncIterator of ECMA-262, done by the engine: engines differ in when they close the iterator. */
async function* eachAwaited(iterable: object): AsyncGenerator<unknown, unknown, unknown> {
  // Reason for the cast: the engine finds out whether it is one.
  return yield* iterable as Iterable<unknown>;
}

/** GetMethod of ECMA-262: `undefined` where there is none. */
export function methodOf(value: unknown, key: PropertyKey): Method | undefined {
  // Reason for the cast: whatever it is may be asked for a property; `null` and `undefined` throw, as they are to.
  const method = (value as Record<PropertyKey, unknown>)[key];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== 'function') throw new TypeError(`${String(key)} is not a function`);
  return method as Method; // cast: a function may be called with anything
}

export function objectOf(value: unknown): object {
  if (Object(value) !== value) throw new TypeError(`${String(value)} is not an object`);
  return value as object; // cast: just seen
}
