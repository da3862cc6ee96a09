import { captureAwait, type Settle, settleByAwait } from './await-bracket.js';
import { type Enter, state } from './global-state.js';
import { queueJob } from './jobs.js';
import { notify } from './observer.js';
import { stackTrace } from './stack-trace.js';
import { maySuspend, takeOutSuspended } from './suspension.js';

/*
 * How an await is told from other uses of a domain promise (ECMA-262: Await, PromiseResolve, Promise Resolve Functions,
 * NewPromiseResolveThenableJob). `await p` reads `p.constructor` and `p.then` at once, with no other code in between, and
 * calls that `then` in a later job. `return p` and `resolve(p)` read `p.then` alone. A person's `p.then(f)` reads and
 * calls in one job. The native `then` reads `p.constructor` as well, for the species of what it derives.
 */

type Then = (this: Promise<unknown>, onFulfilled?: Settle, onRejected?: Settle) => unknown;

/** The promise whose `constructor` was read last in this turn while something was active, and what was captured there. */
let noted: Promise<unknown> | undefined;
let captured: Enter | undefined;

/** A turn ends with a microtask that is queued at its first capture, and so before every job that an await queues in it. */
let turn = 0;
let isTurnOver = true;

function note(promise: Promise<unknown>): void {
  captured = captureAwait();
  noted = captured && promise;
  if (!noted || !isTurnOver) return;
  isTurnOver = false;
  queueJob(() => {
    turn++;
    isTurnOver = true;
    forgetRead();
  });
}

function forgetRead(): void {
  noted = undefined;
  captured = undefined;
}

/** The promise that the next native step derives from, and what its `constructor` is to answer to that. */
let deriving: Promise<unknown> | undefined;
let answer: unknown;

/** To be called right before a native step that reads `promise.constructor` to derive from it: that is no await. */
export function derive(promise: Promise<unknown>, species: unknown = itsClass): void {
  deriving = promise;
  answer = species;
}

const itsClass = Symbol('its class');

/** Makes `constructor` of `prototype`, where it is `domainPromise`, the accessor that the engine reads at an await. */
export function noticeAwaits(domainPromise: unknown, prototype: object): void {
  if (Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value !== domainPromise) return;
  defineAccessor(prototype, 'constructor', function () {
    if (deriving !== this) {
      note(this);
      return domainPromise;
    }
    deriving = undefined;
    return answer === itsClass ? domainPromise : answer;
  });
}

/** Makes `then` of `prototype` the accessor that an await reads next: it is handed what keeps the await, all others `then`. */
export function bracketAwaits(prototype: object, then: Then): void {
  defineAccessor(prototype, 'then', function () {
    if (noted !== this || !captured) return then;
    const kept = captured;
    const readIn = turn;
    forgetRead();
    if (state.observers) notify({ kind: 'await', promise: this });
    const trace = maySuspend() ? stackTrace() : undefined;
    if (trace) takeOutSuspended(trace);
    return function (this: Promise<unknown>, resolve: Settle | undefined, reject: Settle | undefined) {
      return turn === readIn || !resolve || !reject
        ? then.call(this, resolve, reject)
        : settleByAwait(this, kept, resolve, reject, (species) => derive(this, species));
    };
  });
}

/** Assignment shadows it, as it does the data property of a native promise. */
function defineAccessor(
  prototype: object,
  key: 'then' | 'constructor',
  get: (this: Promise<unknown>) => unknown,
): void {
  Reflect.defineProperty(prototype, key, {
    configurable: true,
    get,
    set(this: object, value: unknown) {
      Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
    },
  });
}
