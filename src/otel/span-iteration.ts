import { context } from '@opentelemetry/api';
import { withOtelPromiseDomain } from './otel-promise-domain.js';
import { follow, type SpanEnd } from './span-end.js';

type Method = (...args: unknown[]) => unknown;

/** An iterator or async iterator, or an object that makes them. */
type Iteration = Partial<
  Record<'next' | 'return' | 'throw' | typeof Symbol.iterator | typeof Symbol.asyncIterator, Method>
>;

/**
 * If `value` is an async iterable or a generator, makes every step of it run with what is active now, and tells `end`
 * when the iteration has run out, is abandoned, or throws. The object stays the one that it is, so that a stream can
 * still be piped: its methods are replaced on the object itself.
 *
 * @param isIterator known where the iterator of an iterable comes here in its turn
 * @returns whether it is one and could be followed: arrays and other collections are not, and frozen objects cannot
 */
export function endWithIteration(value: unknown, end: SpanEnd, isIterator?: boolean): boolean {
  const iteration: Iteration = Object(value);
  const active = context.active();
  const { next, return: finish = abandon, throw: fail, [Symbol.asyncIterator]: iterate } = iteration;
  const replace = (name: keyof Iteration, method: Method, done: (result: unknown) => void): boolean =>
    Reflect.set(iteration, name, (...args: unknown[]) =>
      withOtelPromiseDomain(() =>
        context.with(active, () => follow(() => method.apply(iteration, args), done, done, end.failed)),
      ),
    );
  // Reason for the cast: it is what iterators return, and a breach of that is for the consumer to report.
  const endIfLast = (result: unknown) => (result as IteratorResult<unknown>).done && end.done();
  if (typeof next === 'function' && (isIterator || iterate || Symbol.iterator in iteration)) {
    if (fail) replace('throw', fail, endIfLast);
    replace('return', finish, end.done);
    return replace('next', next, endIfLast);
  }
  return (
    !!iterate && replace(Symbol.asyncIterator, iterate, (iterator) => endWithIteration(iterator, end, true))
  );
}

/** What an iterator without `return` does when it is abandoned. */
function abandon(value: unknown): unknown {
  return { done: true, value };
}
