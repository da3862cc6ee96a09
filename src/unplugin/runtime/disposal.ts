import { captureAwait } from '../../domain/await-bracket.js';
import { awaitIn } from '../../domain/await-in.js';
import type { DomainPromise } from '../../domain/domain-promise.js';
import type { Enter } from '../../domain/global-state.js';
import { attempt } from './generator.js';
import { methodOf } from './iteration.js';

/** What to await in order to go on in what was captured. */
export function reenter(enter: Enter): DomainPromise<void> {
  return awaitIn(enter, undefined);
}

/**
 * What `await using` is to declare in place of `value`: it is disposed in what is active now, and so is what follows.
 *
 * Source: GetDisposeMethod of ECMA-262.
 *
 * @throws TypeError if `value` is an object that cannot be disposed
 */
export function resource(value: unknown): unknown {
  const isNothing = value === undefined || value === null;
  if (!isNothing && Object(value) !== value) return value; // the engine throws
  const enter = captureAwait();
  if (!enter) return value;
  // Where the symbols are missing, those that compilers of `await using` fall back to.
  const asyncDispose: symbol = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
  if (isNothing) return { [asyncDispose]: () => reenter(enter) }; // the language awaits for it too
  const dispose: symbol = Symbol.dispose ?? Symbol.for('Symbol.dispose');
  const asyncMethod = methodOf(value, asyncDispose);
  const method = asyncMethod ?? methodOf(value, dispose);
  if (!method) throw new TypeError('Symbol.asyncDispose is not a function');
  return {
    [asyncDispose]: () =>
      awaitIn(
        enter,
        attempt(enter, () => {
          const result = Reflect.apply(method, value, []);
          return asyncMethod && result; // what a synchronous one returns is not awaited
        }),
      ),
  };
}
