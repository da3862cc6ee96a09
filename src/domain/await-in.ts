import { settleByAwait } from './await-bracket.js';
import { DomainPromise, hiddenThen } from './domain-promise.js';
import type { Enter } from './global-state.js';

/** A new domain promise for `value`; an `await` of it goes on in what `enter` enters, whatever is active at the await. */
export function awaitIn<T>(enter: Enter, value: T | PromiseLike<T>): DomainPromise<Awaited<T>> {
  const promise = new DomainPromise<Awaited<T>>((resolve, reject) => {
    void hiddenThen(DomainPromise.from(value), resolve, reject);
  });
  Object.defineProperty(promise, 'then', {
    value: (resolve: never, reject: never) => settleByAwait(promise, enter, resolve, reject),
  });
  return promise;
}
