import { isKeptByRuntime } from '../../domain/await-bracket.js';
import { DomainPromise } from '../../domain/domain-promise.js';
import { state } from '../../domain/global-state.js';
import { NativePromise, nativeThen } from '../../domain/jobs.js';

/** Whether an await has something to keep now that the runtime does not keep itself. Calls no hook of a domain. */
export function hasToKeep(): boolean {
  if (state.context.value !== undefined || state.context.installation) return true;
  return !isKeptByRuntime(state.domain.value) || state.captureContext?.() !== undefined;
}

/** What to await in place of `value`: itself where there is nothing to keep, else a domain promise for it. */
export function awaited<T>(value: T): T | DomainPromise<Awaited<T>> {
  return hasToKeep() ? follow(value) : value;
}

/** A domain promise for `value`. As at an `await`, a native promise is not asked for its `then`. */
export function follow<T>(value: T | PromiseLike<T>): DomainPromise<Awaited<T>> {
  return (isPlain(value) && followPlain<Awaited<T>>(value)) || DomainPromise.from(value);
}

/** Whether its `constructor`, which nobody sees read here, is that of native promises. */
function isPlain(value: unknown): value is object {
  return (
    value instanceof NativePromise &&
    Object.getPrototypeOf(value) === NativePromise.prototype &&
    !Object.hasOwn(value, 'constructor')
  );
}

function followPlain<T>(value: object): DomainPromise<T> | undefined {
  let isPromise = true;
  const promise = new DomainPromise<T>((resolve, reject) => {
    try {
      // Reason for the cast: it throws unless it is called on a promise.
      nativeThen.call(value as Promise<T>, resolve as (fulfilled: unknown) => void, reject);
    } catch {
      isPromise = false; // a proxy, or an object that only inherits
    }
  });
  return isPromise ? promise : undefined;
}
