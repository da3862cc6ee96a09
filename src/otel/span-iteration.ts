import { context } from '@opentelemetry/api';
import { withOtelPromiseDomain } from './otel-promise-domain.js';
import { follow, type SpanEnd } from './span-end.js';

type Method = (...args: unknown[]) => unknown;

/** An iterator or async iterator, or an object that makes them; `once` is that of the streams of Node. */
type Iteration = Partial<
  Record<'next' | 'return' | 'throw' | 'once' | typeof Symbol.iterator | typeof Symbol.asyncIterator, Method>
>;

/** What a method was before it was replaced: an object that comes back from another call is not wrapped twice. */
const originals = new WeakMap<Method, Method>();

/**
 * If `value` is an async iterable or a generator, makes every step of it run with what is active now, and tells `end`
 * when the iteration has run out, is abandoned, or throws; of a stream of Node also when it closes, because it may be
 * piped instead. The object stays the one that it is: its methods are replaced on the object itself.
 *
 * @param isIterator known where the iterator of an iterable comes here in its turn
 * @returns whether it is one and could be followed: arrays and other collections are not, and frozen objects cannot
 */
export function endWithIteration(value: unknown, end: SpanEnd, isIterator?: boolean): boolean {
  const iteration: Iteration = Object(value);
  const active = context.active();
  const replace = (name: keyof Iteration, method: Method, done: (result: unknown) => void): boolean => {
    const original = originals.get(method) ?? method;
    const replacement: Method = (...args) =>
      withOtelPromiseDomain(() =>
        context.with(active, () => follow(() => original.apply(iteration, args), done, done, end.failed)),
      );
    originals.set(replacement, original);
    return Reflect.set(iteration, name, replacement);
  };
  const iterate = iteration[Symbol.asyncIterator];
  const iterateAny = iterate ?? iteration[Symbol.iterator];
  // The cursor of a database has a `next()` too, but one that is no iterator's.
  if (isIterator || (iterateAny && iteration.next && iterateAny.call(iteration) === iteration)) {
    const { next, return: finish = abandon, throw: fail } = iteration;
    // Reason for the cast: it is what iterators return, and a breach of that is for the consumer to report.
    const endIfLast = (result: unknown) => (result as IteratorResult<unknown>).done && end.done();
    if (fail) replace('throw', fail, endIfLast);
    replace('return', finish, end.done);
    return !!next && replace('next', next, endIfLast);
  }
  if (!iterate) return false;
  let started = false;
  iteration.once?.('close', () => started || end.done());
  return replace(Symbol.asyncIterator, iterate, (iterator) => {
    started = true;
    Reflect.set(iteration, Symbol.asyncIterator, iterate); // another iteration is not the span's
    if (!endWithIteration(iterator, end, true)) end.done();
  });
}

/** What an iterator without `return` does when it is abandoned. */
function abandon(value: unknown): unknown {
  return { done: true, value };
}
