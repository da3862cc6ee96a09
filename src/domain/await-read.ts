import { captureAwait, type Settle, settleByAwait } from './await-bracket.js';
import { takeDerived } from './derive.js';
import { state } from './global-state.js';
import { notify } from './observer.js';
import { stackTrace } from './stack-trace.js';
import { maySuspend, takeOutSuspended } from './suspension.js';
import { noteRead, takeRead, turn } from './turn.js';

/*
 * How an await is told from other uses of a domain promise (ECMA-262: Await, PromiseResolve, Promise Resolve Functions,
 * NewPromiseResolveThenableJob). `await p` reads `p.constructor` and `p.then` at once, with no other code in between, and
 * calls that `then` in a later job. `return p` and `resolve(p)` read `p.then` alone. A person's `p.then(f)` reads and
 * calls in one job. The native `then` reads `p.constructor` as well, for the species of what it derives.
 */

type Then = (this: Promise<unknown>, onFulfilled?: Settle, onRejected?: Settle) => unknown;

/** Makes `constructor` of `prototype`, where it is `domainPromise`, the accessor that the engine reads at an await. */
export function noticeAwaits(domainPromise: unknown, prototype: object): void {
  if (Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value !== domainPromise) return;
  defineAccessor(prototype, 'constructor', function () {
    const derived = takeDerived(this, domainPromise);
    if (!derived) noteRead(this, captureAwait());
    return derived ?? domainPromise;
  });
}

/** Makes `then` of `prototype` the accessor that an await reads next: it is handed what keeps the await, all others `then`. */
export function bracketAwaits(prototype: object, then: Then): void {
  defineAccessor(prototype, 'then', function () {
    const captured = takeRead(this);
    if (!captured) return then;
    const readIn = turn;
    if (state.observers) notify({ kind: 'await', promise: this, captured });
    const trace = maySuspend() ? stackTrace() : undefined;
    if (trace) takeOutSuspended(trace);
    return function (this: Promise<unknown>, resolve: Settle | undefined, reject: Settle | undefined) {
      return turn === readIn || !resolve || !reject
        ? then.call(this, resolve, reject)
        : settleByAwait(this, captured, resolve, reject);
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
