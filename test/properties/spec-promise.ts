/** The jobs of a program, first in, first out, and the rejections that nobody handled when there are none left. */
interface Host {
  queueJob(job: () => void): void;
  /** What a job that is made now has to restore around itself (ECMA-262, HostMakeJobCallback). */
  snapshot(): (job: () => void) => void;
  /** ECMA-262, HostPromiseRejectionTracker. */
  trackRejection(promise: SpecPromise, operation: 'reject' | 'handle'): void;
}

export type Handler = ((value: unknown) => unknown) | undefined;

/** What the promises of one kind do to the callbacks they are given. */
export interface Kind {
  readonly host: Host;
  captureThen(onFulfilled: Handler, onRejected: Handler): [Handler, Handler];
  /** What to call when the promise was fulfilled, and when it was rejected. */
  captureFinally(onFinally: () => unknown): [() => unknown, () => unknown];
}

type State = 'pending' | 'fulfilled' | 'rejected';
type Resolve = (value: unknown) => void;
type Then = (resolve: Resolve, reject: Resolve) => unknown;

/** A promise as ECMA-262 tells it, step by step, section 27.2. */
export class SpecPromise {
  readonly kind: Kind;
  #state: State = 'pending';
  #value: unknown;
  #reactions: (() => void)[] = [];
  #handled = false;

  constructor(kind: Kind, executor: (resolve: Resolve, reject: Resolve) => unknown) {
    this.kind = kind;
    const { resolve, reject } = this.#resolvingFunctions();
    try {
      executor(resolve, reject);
    } catch (error) {
      reject(error);
    }
  }

  get value(): unknown {
    return this.#value;
  }

  then(onFulfilled?: Handler, onRejected?: Handler): SpecPromise {
    return this.performThen(...this.kind.captureThen(onFulfilled, onRejected));
  }

  catch(onRejected: Handler): SpecPromise {
    return this.then(undefined, onRejected);
  }

  finally(onFinally: () => unknown): SpecPromise {
    const [onFulfilled, onRejected] = this.kind.captureFinally(onFinally);
    return this.performThen(
      (value) => promiseResolve(this.kind, onFulfilled()).performThen(() => value, undefined),
      (reason) =>
        promiseResolve(this.kind, onRejected()).performThen(() => {
          throw reason;
        }, undefined),
    );
  }

  /** `then()` without any capture. */
  performThen(onFulfilled: Handler, onRejected: Handler): SpecPromise {
    const { host } = this.kind;
    const restore = host.snapshot();
    return new SpecPromise(this.kind, (resolve, reject) => {
      const react = () =>
        restore(() => {
          const handler = this.#state === 'fulfilled' ? onFulfilled : onRejected;
          try {
            if (handler) resolve(handler(this.#value));
            else if (this.#state === 'fulfilled') resolve(this.#value);
            else reject(this.#value);
          } catch (error) {
            reject(error);
          }
        });
      if (this.#state === 'pending') this.#reactions.push(react);
      else host.queueJob(react);
      if (this.#state === 'rejected' && !this.#handled) host.trackRejection(this, 'handle');
      this.#handled = true;
    });
  }

  #resolvingFunctions(): { resolve: Resolve; reject: Resolve } {
    let alreadyResolved = false;
    const once = (act: Resolve) => (value: unknown) => {
      if (alreadyResolved) return;
      alreadyResolved = true;
      act(value);
    };
    return {
      resolve: once((resolution) => this.#resolve(resolution)),
      reject: once((reason) => this.#settle('rejected', reason)),
    };
  }

  #resolve(resolution: unknown): void {
    const then = thenOf(resolution);
    if (resolution === this) this.#settle('rejected', new TypeError('Chaining cycle'));
    else if (then === undefined) this.#settle('fulfilled', resolution);
    else this.#queueThen(resolution, then);
  }

  #queueThen(resolution: unknown, then: Then): void {
    const restore = this.kind.host.snapshot();
    this.kind.host.queueJob(() =>
      restore(() => {
        const { resolve, reject } = this.#resolvingFunctions();
        try {
          then.call(resolution, resolve, reject);
        } catch (error) {
          reject(error);
        }
      }),
    );
  }

  #settle(state: State, value: unknown): void {
    this.#state = state;
    this.#value = value;
    if (state === 'rejected' && !this.#handled) this.kind.host.trackRejection(this, 'reject');
    for (const react of this.#reactions) this.kind.host.queueJob(react);
    this.#reactions = [];
  }
}

/** Its `then` if `value` is a thenable. */
export function thenOf(value: unknown): Then | undefined {
  if (typeof value !== 'object' || value === null || !('then' in value)) return undefined;
  const { then } = value;
  // Reason for the cast: what else a `then` may be, nobody can know before it is called.
  return typeof then === 'function' ? (then as Then) : undefined;
}

export function promiseResolve(kind: Kind, value: unknown): SpecPromise {
  if (value instanceof SpecPromise && value.kind === kind) return value;
  return new SpecPromise(kind, (resolve) => resolve(value));
}
