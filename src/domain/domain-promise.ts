import { capture, type Handler, restoring } from './capture.js';
import { withoutPromiseDomain } from './current-domain.js';
import { state } from './global-state.js';
import { handoffKey, isHandoffDomain } from './handoff-domain.js';
import { observeStep } from './observer.js';
import { wrapBy } from './promise-domain.js';

/** The type of a reason as the standard library has it, so that `.catch((error: Error) => …)` compiles. */
type Reason = Parameters<NonNullable<Parameters<Promise<unknown>['catch']>[0]>>[0];

/**
 * A promise whose `then()`, `catch()` and `finally()` capture the current promise domain, and whose callbacks run with
 * that domain current and restored. In all else it is a promise: `instanceof Promise`, settled by the engine.
 *
 * `then` and `constructor` are accessors of the prototype: the engine reads them synchronously at an `await`, which is
 * the only moment at which what is active there can be captured (ECMA-262, PromiseResolve and Promise Resolve Functions).
 */
export interface DomainPromise<T> extends Promise<T> {
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

export interface DomainPromiseConstructor extends PromiseConstructor {
  readonly prototype: DomainPromise<unknown>;
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

const nativeThen = Promise.prototype.then;

// Reason for the cast: what it inherits returns domain promises too, which the types of the standard library cannot say.
export const DomainPromise = class<T> extends Promise<T> {
  /** Written out, because V8 constructs by it 15 % faster than by a default constructor. */
  constructor(executor: Executor<T>) {
    super(executor);
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
    const domain = state.domain;
    // The native one calls `this.then`, which captures for both paths.
    if (!domain?.wrapOnFinally || typeof onFinally !== 'function') return super.finally(onFinally);
    const wrapped = restoring(domain, wrapBy(domain, 'wrapOnFinally', onFinally));
    return withoutPromiseDomain(() => super.finally(wrapped as () => void)); // cast: it is given no value
  }
} as unknown as DomainPromiseConstructor;

/**
 * A domain promise that follows `value`, itself if it is one already, `undefined` if it is no thenable. The `then` of a
 * thenable is read once, which may throw, and called now, with what is active now; what it throws rejects the promise.
 */
export function adopt<T>(value: T | PromiseLike<T>): DomainPromise<T> | undefined {
  if (value instanceof DomainPromise) return value as DomainPromise<T>; // cast: it is T or a promise of T
  // Reason for the cast: any object may have one.
  const then: unknown = Object(value) === value && (value as PromiseLike<T>).then;
  if (typeof then !== 'function') return undefined;
  return new DomainPromise((resolve, reject) => then.call(value, resolve, reject));
}

/** The `then` of every domain promise. Outside a domain the callbacks go to the native `then` as they are. */
function then<T, R>(
  this: Promise<T>,
  onFulfilled: Handler<T, R>,
  onRejected: Handler<Reason, R>,
): Promise<unknown> {
  const domain = state.domain;
  const observed = state.observers && observeStep();
  if (observed) {
    onFulfilled = observed.wrap(onFulfilled);
    onRejected = observed.wrap(onRejected);
  }
  if (domain) {
    const captured = isHandoffDomain(domain) ? domain[handoffKey].capture() : undefined;
    onFulfilled = capture(domain, captured, 'wrapOnFulfilled', onFulfilled);
    onRejected = capture(domain, captured, 'wrapOnRejected', onRejected);
  }
  const derived = hiddenThen(this, onFulfilled, onRejected);
  observed?.tell(this, derived, domain);
  return derived;
}

/** Tells the reads of `constructor` by the native `then` from those of an `await` and of everybody else. */
let deriving = false;

/** What the native `then` takes its species from; a data property is read faster than the inherited getter. */
const derivedBy = { [Symbol.species]: DomainPromise };

/** `then()` for the library's own steps: it captures nothing, and observers are not told of it. */
export function hiddenThen<T, R1, R2>(
  promise: Promise<T>,
  onFulfilled: Handler<T, R1>,
  onRejected: Handler<Reason, R2>,
): DomainPromise<R1 | R2> {
  deriving = true;
  try {
    // Reason for the cast: its species makes it a domain promise; R1 covers a value passed on for want of a callback.
    return nativeThen.call(promise, onFulfilled, onRejected) as DomainPromise<R1 | R2>;
  } finally {
    deriving = false;
  }
}

/** Defines an accessor that can be shadowed by assignment, as the data property of a native promise can. */
function defineAccessor(key: 'then' | 'constructor', get: (this: object) => unknown): void {
  Reflect.defineProperty(DomainPromise.prototype, key, {
    configurable: true,
    get,
    set(this: object, value: unknown) {
      Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
    },
  });
}

defineAccessor('then', () => then);
defineAccessor('constructor', () => (deriving ? derivedBy : DomainPromise));
