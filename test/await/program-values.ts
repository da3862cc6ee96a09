import { DomainPromise } from '../../src/index.js';
import type { Body, Scope, Value } from './program-syntax.js';

/** What an expression gave: a promise, a thenable or `null`, and whether an await of it keeps what is active. */
export interface Made {
  readonly value: unknown;
  readonly isDomainPromise: boolean;
}

/** What the values of a running program need of it. */
export interface Surroundings {
  readonly deferred: readonly { readonly promise: DomainPromise<unknown> }[];
  call(body: Body): Promise<unknown>;
  within<R>(scopes: readonly Scope[], fn: () => R): R;
  /** A callback for a `then()` that is being called now, and calls an async function with `body`. */
  callback(isDomainPromise: boolean, body: Body): () => Promise<unknown>;
}

class Sub extends DomainPromise<unknown> {}
class SubOfSub extends Sub {}

const domainPromise = (value: Promise<unknown>): Made => ({ value, isDomainPromise: true });
const other = (value: unknown): Made => ({ value, isDomainPromise: false });
const later = (resolve: (value: unknown) => void) => queueMicrotask(() => resolve('later'));
const ignore = () => {};

const combine = {
  all: (values: unknown[]) => DomainPromise.all(values),
  allSettled: (values: unknown[]) => DomainPromise.allSettled(values),
  race: (values: unknown[]) => DomainPromise.race(values),
  any: (values: unknown[]) => DomainPromise.any(values),
};

/** So that its rejection is no news; a domain promise by its own `then()`, because the native one reads `constructor`. */
export function ignoreRejection(value: unknown): void {
  if (value instanceof Promise) value.then(ignore, ignore);
}

export function make(value: Value, program: Surroundings): Made {
  switch (value.kind) {
    case 'null':
      return other(null);
    case 'native':
      return other(Promise.resolve('native'));
    case 'native rejected':
      return other(Promise.reject(new Error('native')));
    case 'resolved':
      return domainPromise(DomainPromise.resolve('resolved'));
    case 'rejected':
      return domainPromise(DomainPromise.reject(new Error('rejected')));
    case 'later':
      return domainPromise(new DomainPromise(later));
    case 'subclass':
      return domainPromise(Sub.resolve('subclass'));
    case 'subclass later':
      return domainPromise(new SubOfSub(later));
    case 'deferred':
      return domainPromise(pick(program.deferred, value.ref).promise);
    case 'call':
      return other(program.call(value.body));
    case 'in':
      return program.within(value.scopes, () => make(value.of, program));
    case 'from':
      return domainPromise(DomainPromise.from(make(value.of, program).value));
    case 'executor':
      return domainPromise(new DomainPromise((resolve) => resolve(make(value.of, program).value)));
    case 'native executor':
      return other(new Promise((resolve) => resolve(make(value.of, program).value)));
    case 'thenable': {
      const { value: inner } = make(value.of, program);
      ignoreRejection(inner);
      return other({ then: (resolve: (value: unknown) => void) => resolve(inner) });
    }
    case 'all':
    case 'allSettled':
    case 'race':
    case 'any':
      return domainPromise(combine[value.kind](value.of.map((each) => make(each, program).value)));
    case 'native all':
      return other(Promise.all(value.of.map((each) => make(each, program).value)));
    case 'then':
    case 'catch':
    case 'finally': {
      const { value: of, isDomainPromise } = make(value.of, program);
      const promise = of instanceof Promise ? of : Promise.resolve(of);
      const callback = program.callback(isDomainPromise, value.body);
      const derived =
        value.kind === 'then' ? promise.then(callback, callback) : promise[value.kind](callback);
      return { value: derived, isDomainPromise };
    }
  }
}

export function pick<T>(list: readonly T[], ref: number): T {
  // Reason for the cast: the remainder is one of its indices.
  return list[ref % list.length] as T;
}
