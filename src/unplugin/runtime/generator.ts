import { captureAwait } from '../../domain/await-bracket.js';
import { awaitIn } from '../../domain/await-in.js';
import { DomainPromise, hiddenThen } from '../../domain/domain-promise.js';
import type { Enter } from '../../domain/global-state.js';
import { methodOf, objectOf, openAsync } from './iteration.js';
import { follow } from './operand.js';

/*
 * An async generator goes on synchronously in the `next()`, `throw()` or `return()` of its consumer, with what is active
 * there. Where it delegates by `yield*`, the engine passes these calls to the inner iterator first and awaits what it
 * returns, and an await can be made to go on in what was active before.
 */

/** The `yield` that is being evaluated: no other code runs before it is taken. */
let operand: unknown;
let kept: Enter | undefined;

/** Takes the operand of a `yield`, and tells whether there is something to keep: `yield* keptYield()`, else `yield plainYield()`. */
export function startYield(value?: unknown): boolean {
  kept = captureAwait(); // first, as hooks of a domain are called, which may yield as well
  operand = value;
  return kept !== undefined;
}

/** The operand as it came. */
export function plainYield(): unknown {
  const value = operand;
  operand = undefined;
  return value;
}

/** Yields the operand once; the generator then goes on in what was active at `startYield`. */
export function keptYield(): unknown {
  const value = plainYield();
  const enter = kept as Enter; // cast: startYield has told that there is one
  kept = undefined;
  let hasYielded = false;
  const steps = {
    [Symbol.asyncIterator]: () => steps,
    next(received: unknown) {
      if (hasYielded) return awaitIn(enter, { done: true, value: received });
      hasYielded = true;
      return awaitIn(enter, resultOf(value, false));
    },
    throw: (reason: unknown) => awaitIn(enter, DomainPromise.reject(reason)),
    return: (received: unknown) => awaitIn(enter, { done: true, value: received }), // the engine has awaited it
  };
  return steps;
}

/** What `yield*` is to delegate to in place of `iterable`: its steps run in what is active now, and so does what follows. */
export function delegated(iterable: unknown): unknown {
  const enter = captureAwait();
  if (!enter) return iterable;
  return {
    [Symbol.asyncIterator]() {
      const iterator = openAsync(iterable, enter);
      // Lowered `yield*` looks only at results that are no promises, as this one always is.
      const step = (fn: () => unknown) =>
        awaitIn(
          enter,
          attempt(enter, () => objectOf(fn())),
        );
      return {
        get next() {
          const { next } = iterator;
          // Reason for the cast: what cannot be called throws, as it is to.
          return (value: unknown) => step(() => Reflect.apply(next as () => unknown, iterator, [value]));
        },
        get throw() {
          let method: ReturnType<typeof methodOf>;
          try {
            method = methodOf(iterator, 'throw');
          } catch (error) {
            return () => awaitIn(enter, DomainPromise.reject(error));
          }
          return method && ((reason: unknown) => step(() => method?.call(iterator, reason)));
        },
        return: (...args: unknown[]) =>
          step(() => {
            const method = methodOf(iterator, 'return');
            return method ? Reflect.apply(method, iterator, args) : resultOf(args[0], true);
          }),
      };
    },
  };
}

/** The result of an iterator, with what `value` is fulfilled with. */
function resultOf(value: unknown, done: boolean): DomainPromise<unknown> {
  return hiddenThen(
    follow(value),
    (fulfilled) => ({ done, value: fulfilled }),
    (reason) => {
      throw reason;
    },
  );
}

/** Calls `fn` in what `enter` enters, and follows what it returns; what it throws comes as a rejection. */
export function attempt(enter: Enter, fn: () => unknown): DomainPromise<unknown> {
  const leave = enter();
  try {
    return follow(fn());
  } catch (error) {
    return DomainPromise.reject(error);
  } finally {
    leave();
  }
}
