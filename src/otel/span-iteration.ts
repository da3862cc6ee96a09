import { context } from '@opentelemetry/api';
import { withOtelPromiseDomain } from './otel-promise-domain.js';
import { follow, type SpanEnd } from './span-end.js';

type Method = (...args: unknown[]) => unknown;

/** An iterator or async iterator, or an object that makes them; `once` and `off` are those of the streams of Node. */
type Iteration = Partial<
  Record<
    'next' | 'return' | 'throw' | 'once' | 'off' | typeof Symbol.iterator | typeof Symbol.asyncIterator,
    Method
  >
>;

/** Ends the span that an object is followed for, which nobody has begun to iterate yet. */
const followed = new WeakMap<object, () => void>();

/**
 * If `value` is an async iterable or a generator, makes every step of it run with what is active now, and tells `end`
 * when the iteration has run out, is abandoned, or throws; of a stream of Node also when it closes, because it may be
 * piped instead. The object stays the one that it is: its methods are replaced on the object itself, until then.
 *
 * @param isIterator known where the iterator of an iterable comes here in its turn
 * @returns whether it is one and can be followed: arrays and other collections are not, and frozen objects cannot be
 */
export function endWithIteration(value: unknown, end: SpanEnd, isIterator?: boolean): boolean {
  const iteration: Iteration = Object(value);
  followed.get(iteration)?.();
  const iterate = iteration[Symbol.asyncIterator];
  if (!isIterator && !iterate && !iteration[Symbol.iterator]) return false;
  const { next } = iteration;
  // A generator is its own iterator; a collection may well have a `next()`, but is not.
  if (!iterate && (!next || (!isIterator && iteration[Symbol.iterator]?.() !== iteration))) return false;

  const active = context.active();
  const originals = new Map<keyof Iteration, Method | undefined>();
  const restore = () => {
    followed.delete(iteration);
    if (typeof iteration.off === 'function') iteration.off('close', done);
    for (const [name, original] of originals) Reflect.set(iteration, name, original);
    originals.clear();
  };
  const done = () => {
    restore();
    end.done();
  };
  const failed = (reason: unknown) => {
    restore();
    return end.failed(reason);
  };
  const replace = (name: keyof Iteration, method: Method, told: (result: unknown) => void): boolean => {
    originals.set(name, iteration[name]);
    return Reflect.set(iteration, name, (...args: unknown[]) =>
      withOtelPromiseDomain(() =>
        context.with(active, () => follow(() => method.apply(iteration, args), told, told, failed)),
      ),
    );
  };
  let replacing = false;
  if (typeof next === 'function') {
    // Reason for the cast: it is what iterators return. The `next` of a database's cursor returns other things.
    const doneIfLast = (result: unknown) => (result as IteratorResult<unknown> | null)?.done && done();
    const { return: finish = abandon, throw: fail } = iteration;
    if (fail) replace('throw', fail, doneIfLast);
    replace('return', finish, done);
    replacing = replace('next', next, doneIfLast);
  }
  if (iterate) {
    if (typeof iteration.once === 'function') iteration.once('close', done);
    replacing = replace(Symbol.asyncIterator, iterate, (iterator) => {
      if (iterator === iteration) return;
      restore();
      if (!endWithIteration(iterator, end, true)) end.done();
    });
  }
  followed.set(iteration, done);
  return replacing;
}

/** What an iterator without `return` does when it is abandoned. */
function abandon(value: unknown): unknown {
  return { done: true, value };
}
