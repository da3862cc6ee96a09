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

/** GetIterator of ECMA-262 for async iteration. */
export function openAsync(iterable: unknown): Steps {
  const open = methodOf(iterable, Symbol.asyncIterator);
  if (open) return objectOf(Reflect.apply(open, iterable, []));
  const openSync = methodOf(iterable, Symbol.iterator);
  if (!openSync) throw new TypeError(`${typeof iterable} is not async iterable`);
  const iterator = objectOf(Reflect.apply(openSync, iterable, []));
  return eachAwaited({ [Symbol.asyncIterator]: undefined, [Symbol.iterator]: () => iterator });
}

/** CreateAsyncFromSyncIterator of ECMA-262, done by the engine: engines differ in when they close the iterator. */
async function* eachAwaited(iterable: object): AsyncGenerator<unknown, unknown, unknown> {
  // Reason for the cast: the engine finds out whether it is one.
  return yield* iterable as Iterable<unknown>;
}

/** GetMethod of ECMA-262: `undefined` where there is none. */
export function methodOf(value: unknown, key: PropertyKey): Method | undefined {
  // Reason for the cast: any value may be asked for a property; `null` and `undefined` throw, as they are to.
  const method = (value as Record<PropertyKey, unknown>)[key];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== 'function') throw new TypeError(`${String(key)} is not a function`);
  return method as Method; // cast: a function may be called with anything
}

function objectOf(value: unknown): object {
  if (Object(value) !== value) throw new TypeError(`${String(value)} is not an object`);
  return value as object; // cast: just seen
}
