import { bracketAwaits, noticeAwaits } from './await-read.js';
import { captureFor, type Handler, restoring } from './capture.js';
import { derive } from './derive.js';
import { state } from './global-state.js';
import { nativeThen } from './jobs.js';
import { notify, observeStep } from './observer.js';

/** The type of a reason as the standard library has it, so that `.catch((error: Error) => …)` compiles. */
type Reason = Parameters<NonNullable<Parameters<Promise<unknown>['catch']>[0]>>[0];

declare const isDomainPromise: unique symbol;

/**
 * A promise whose `then()`, `catch()` and `finally()` capture the current promise domain, and whose callbacks run with
 * that domain current and restored. In all else it is a promise: `instanceof Promise`, settled by the engine.
 *
 * `then` and `constructor` are accessors of the prototype: the engine reads them synchronously at an `await`, which is
 * the only moment at which what is active there can be captured (ECMA-262, PromiseResolve and Promise Resolve Functions).
 */
export interface DomainPromise<T> extends Promise<T> {
  /** In the types only: without it a native promise would do for a domain promise. */
  readonly [isDomainPromise]: true;
  then<R1 = T, R2 = never>(
    onFulfilled?: Handler<T, R1 | PromiseLike<R1>>,
    onRejected?: Handler<Reason, R2 | PromiseLike<R2>>,
  ): DomainPromise<R1 | R2>;
  catch<R = never>(onRejected?: Handler<Reason, R | PromiseLike<R>>): DomainPromise<T | R>;
  finally(onFinally?: (() => void) | null): DomainPromise<T>;
}

export interface DomainPromiseResolvers<T> {
  promise: DomainPromise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason?: unknown) => void;
}

type Executor<T> = (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: unknown) => void) => void;

export interface DomainPromiseConstructor {
  readonly prototype: DomainPromise<unknown>;
  readonly [Symbol.species]: PromiseConstructor | DomainPromiseConstructor;
  new <T>(executor: Executor<T>): DomainPromise<T>;
  /**
   * A domain promise for `value`: the same object if it is one already. The `then` of another thenable is called at
   * once, so that one which starts its work there starts it with what is active now. Never throws: what a thenable
   * throws rejects the promise.
   */
  from<T>(value: T | PromiseLike<T>): DomainPromise<Awaited<T>>;
  /** ECMA-262 Promise.withResolvers, on every runtime. */
  withResolvers<T>(): DomainPromiseResolvers<T>;
  resolve(): DomainPromise<void>;
  resolve<T>(value: T | PromiseLike<T>): DomainPromise<Awaited<T>>;
  reject<T = never>(reason?: unknown): DomainPromise<T>;
  all<T extends readonly unknown[] | []>(
    values: T,
  ): DomainPromise<{ -readonly [P in keyof T]: Awaited<T[P]> }>;
  all<T>(values: Iterable<T | PromiseLike<T>>): DomainPromise<Awaited<T>[]>;
  allSettled<T extends readonly unknown[] | []>(
    values: T,
  ): DomainPromise<{ -readonly [P in keyof T]: PromiseSettledResult<Awaited<T[P]>> }>;
  allSettled<T>(values: Iterable<T | PromiseLike<T>>): DomainPromise<PromiseSettledResult<Awaited<T>>[]>;
  race<T extends readonly unknown[] | []>(values: T): DomainPromise<Awaited<T[number]>>;
  race<T>(values: Iterable<T | PromiseLike<T>>): DomainPromise<Awaited<T>>;
  any<T extends readonly unknown[] | []>(values: T): DomainPromise<Awaited<T[number]>>;
  any<T>(values: Iterable<T | PromiseLike<T>>): DomainPromise<Awaited<T>>;
}

// Reason for the cast: it takes whatever it is called on for the class, which its type does not say.
const nativeResolve = Promise.resolve as (this: unknown, value: unknown) => Promise<unknown>;

// Reason for the cast: what it inherits returns domain promises too, which the types of the standard library cannot say.
export const DomainPromise = class<T> extends Promise<T> {
  /** Written out, because V8 constructs by it 15 % faster than by a default constructor. */
  constructor(executor: Executor<T>) {
    super(executor);
    if (new.target !== DomainPromise) noticeAwaits(new.target, Object.getPrototypeOf(this));
  }

  static from<T>(value: T | PromiseLike<T>): Promise<T> {
    try {
      return adopt(value) ?? DomainPromise.resolve(value);
    } catch (error) {
      return DomainPromise.reject(error);
    }
  }

  static withResolvers<T>() {
    const settle = {} as Pick<DomainPromiseResolvers<T>, 'resolve' | 'reject'>; // cast: the executor runs at once
    const promise = new this<T>((resolve, reject) => {
      settle.resolve = resolve;
      settle.reject = reject;
    });
    return { promise, ...settle };
  }

  override finally(onFinally?: (() => void) | null): Promise<T> {
    const domain = state.domain.value;
    const observed = state.observers && observeStep(this, domain, 'finally', onFinally, onFinally);
    derive(this);
    if (typeof onFinally !== 'function' || !(domain || observed)) return super.finally(onFinally);
    let onFulfilled: () => unknown = () => onFinally();
    if (observed) onFulfilled = observed.wrap(onFulfilled, onFinally);
    let onRejected = onFulfilled;
    if (domain) {
      const captured = captureFor(domain);
      const hook = domain.wrapOnFinally && 'wrapOnFinally';
      onFulfilled = restoring(domain, captured, hook ?? 'wrapOnFulfilled', onFulfilled);
      onRejected = hook ? onFulfilled : restoring(domain, captured, 'wrapOnRejected', onRejected);
    }
    let path = onFulfilled;
    const before = ownSteps;
    ownSteps = {
      promise: this,
      fulfilled: () => {
        path = onFulfilled;
      },
      rejected: () => {
        path = onRejected;
      },
    };
    try {
      derive(this);
      const derived = super.finally(() => path());
      observed?.tell(derived);
      return derived;
    } finally {
      ownSteps = before;
    }
  }
} as unknown as DomainPromiseConstructor;

/**
 * A domain promise that follows `value`, itself if it is one already, `undefined` if it is no thenable. The `then` of a
 * thenable is read once, which may throw, and called now, with what is active now; what it throws rejects the promise.
 */
export function adopt<T>(value: T | PromiseLike<T>): DomainPromise<T> | undefined {
  if (value instanceof DomainPromise) return value as DomainPromise<T>; // cast: it is T or a promise of T
  // Reason for the cast: whether it has one is what is asked.
  const then: unknown = Object(value) === value && (value as PromiseLike<T>).then;
  if (typeof then !== 'function') return undefined;
  return new DomainPromise((resolve, reject) => then.call(value, resolve, reject));
}

/**
 * Set while the native `finally()` calls `then()` of `promise` with functions of its own. Of those nothing is captured:
 * the user's callback has been, for both paths, and the steps here say which one is taken.
 */
let ownSteps: { promise: unknown; fulfilled: () => void; rejected: () => void } | undefined;

const { then } = {
  /** The `then` of every domain promise: captures the current domain, if there is one, for both callbacks. */
  then<T, R>(this: Promise<T>, onFulfilled: Handler<T, R>, onRejected: Handler<Reason, R>): Promise<unknown> {
    if (ownSteps?.promise === this) {
      const { fulfilled, rejected } = ownSteps;
      derive(this);
      return nativeThen.call(this, after(fulfilled, onFulfilled), after(rejected, onRejected));
    }
    const domain = state.domain.value;
    const observed = state.observers && observeStep(this, domain, 'then', onFulfilled, onRejected);
    let fulfilled = onFulfilled;
    let rejected = onRejected;
    if (observed) {
      fulfilled = observed.wrap(fulfilled);
      rejected = observed.wrap(rejected);
    }
    if (domain) {
      const captured = captureFor(domain);
      fulfilled = restoring(domain, captured, 'wrapOnFulfilled', fulfilled);
      rejected = restoring(domain, captured, 'wrapOnRejected', rejected);
    }
    derive(this);
    const derived = nativeThen.call(this, fulfilled, rejected);
    observed?.tell(derived);
    return derived;
  },
};

function after<T, R>(step: () => void, handler: Handler<T, R>): Handler<T, R> {
  return (
    handler &&
    ((value) => {
      step();
      return handler(value);
    })
  );
}

/** `then()` for the library's own steps: it captures nothing, and observers are told of no callbacks. */
export function hiddenThen<T, R1, R2>(
  promise: DomainPromise<T>,
  onFulfilled: (value: T) => R1,
  onRejected: (reason: Reason) => R2,
): DomainPromise<R1 | R2> {
  derive(promise);
  // Reason for the cast: its species makes it a domain promise.
  const derived = nativeThen.call(promise, onFulfilled, onRejected) as DomainPromise<R1 | R2>;
  if (state.observers) notify({ kind: 'follow', promise, derived });
  return derived;
}

const { resolve } = {
  resolve(this: unknown, value: unknown): Promise<unknown> {
    if (value instanceof DomainPromise) derive(value); // its `constructor` is read for the class, which is no await
    return nativeResolve.call(this, value);
  },
};

Object.defineProperty(DomainPromise, 'resolve', { value: resolve, writable: true, configurable: true });
noticeAwaits(DomainPromise, DomainPromise.prototype);
bracketAwaits(DomainPromise.prototype, then);
