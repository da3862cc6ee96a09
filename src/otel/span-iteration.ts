import { context } from '@opentelemetry/api';
import { adopt, hiddenThen } from '../domain/domain-promise.js';
import { withOtelPromiseDomain } from './otel-promise-domain.js';
import type { SpanEnd } from './span-end.js';

/** What iterators and async iterators have in common. */
interface AnyIterator {
  next(...args: unknown[]): unknown;
  return?(value?: unknown): unknown;
  throw?(error?: unknown): unknown;
}

type Run = <T>(fn: () => T) => T;

/** Whether `value` gives its values one after another: an async iterable or a generator, but no array or other collection. */
export function isIteration<T>(value: T): value is T & object {
  return (
    Object(value) === value &&
    // Reason for the cast: `in` wants an object, which the line above has made sure of.
    (Symbol.asyncIterator in (value as object) ||
      (Symbol.iterator in (value as object) && isIterator(value as object)))
  );
}

function isIterator(value: object): value is AnyIterator {
  return 'next' in value && typeof value.next === 'function';
}

/**
 * A view of `iteration` in which every step runs with what is active now, and the end of the iteration, by running
 * out, by `return()` or by an error, is told to `end`. All other members are those of `iteration` itself.
 */
export function endWithIteration<T extends object>(iteration: T, end: SpanEnd): T {
  const active = context.active();
  const run: Run = (fn) => withOtelPromiseDomain(() => context.with(active, fn));
  return isIterator(iteration) ? viewOfIterator(iteration, run, end) : viewOfIterable(iteration, run, end);
}

function viewOfIterator<T extends AnyIterator>(iterator: T, run: Run, end: SpanEnd): T {
  const isAsync = Symbol.asyncIterator in iterator;
  const step = (call: () => unknown, last?: boolean): unknown => {
    const settle = (result: unknown) => {
      if (last || (result as IteratorResult<unknown>).done) end.done(); // cast: the protocol; a breach is its consumer's to report
      return result;
    };
    try {
      const result = run(call);
      const promise = adopt(result);
      return promise ? hiddenThen(promise, settle, end.failed) : settle(result);
    } catch (error) {
      return end.failed(error);
    }
  };
  const finish = (value: unknown) => {
    if (iterator.return) return iterator.return(value);
    return isAsync ? Promise.resolve({ done: true, value }) : { done: true, value };
  };
  const view: T = Object.create(
    iterator,
    Object.getOwnPropertyDescriptors({
      next: (...args: unknown[]) => step(() => iterator.next(...args)),
      return: (value?: unknown) => step(() => finish(value), true),
      ...(iterator.throw && { throw: (error?: unknown) => step(() => iterator.throw?.(error)) }),
      [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => view,
    }),
  );
  return view;
}

function viewOfIterable<T extends object>(iterable: T, run: Run, end: SpanEnd): T {
  // Reason for the cast: only a value with this member and without `next` comes here.
  const { [Symbol.asyncIterator]: iterate } = iterable as T & Record<symbol, () => AnyIterator>;
  const startIteration = () =>
    viewOfIterator(
      run(() => (iterate as () => AnyIterator).call(iterable)),
      run,
      end,
    );
  // The target is an empty heir, so that members of a frozen iterable can be replaced too.
  return new Proxy<T>(Object.create(iterable), {
    get(_heir, key) {
      if (key === Symbol.asyncIterator) return startIteration;
      const member: unknown = Reflect.get(iterable, key);
      return typeof member === 'function' ? member.bind(iterable) : member; // bound: private members need the original
    },
    set: (_heir, key, value) => Reflect.set(iterable, key, value),
  });
}
