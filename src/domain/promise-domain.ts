import { aside, check } from '../errors.js';
import type { Enter } from './global-state.js';

/**
 * What to set up and tear down around the callbacks of a promise chain. `then()` captures the current domain; the
 * hooks below wrap the callbacks it was given. Every hook is optional and called as a method; a plain object will do.
 *
 * Source: promise domains of the R package `promises` (`new_promise_domain`).
 */
export interface PromiseDomain {
  /** For people who debug: shown by tools that draw domains. */
  readonly name?: string;
  /** Called by `then()`; returns what to call in place of `callback` once the promise is fulfilled. */
  wrapOnFulfilled?<T, R>(callback: (value: T) => R): (value: T) => R;
  /** Called by `then()`; returns what to call in place of `callback` once the promise is rejected. */
  wrapOnRejected?<R>(callback: (reason: unknown) => R): (reason: unknown) => R;
  /**
   * Called by `finally()`. Default: `wrapOnFulfilled` on the one path and `wrapOnRejected` on the other; beside a domain
   * that has this hook, `wrapOnFulfilled` on both.
   */
  wrapOnFinally?(callback: () => void): () => void;
  /** Called once by `withPromiseDomain`, to run its body; returns what the body returns. */
  wrapSync?<R>(fn: () => R): R;
  /**
   * Told of every error that a callback of this domain or the body of `withPromiseDomain` throws. The error goes on
   * as it would without. What `onError` itself throws surfaces as an unhandled rejection.
   */
  onError?(error: unknown): void;
  /**
   * Called at a native `await` of a domain promise, while it captures. The returned function enters what was captured
   * just before the continuation, and the function that it returns leaves it just after.
   */
  captureForAwait?(): (() => () => void) | undefined;
}

type Hook = Exclude<keyof PromiseDomain, 'name'>;

const hooks: readonly Hook[] = [
  'wrapOnFulfilled',
  'wrapOnRejected',
  'wrapOnFinally',
  'wrapSync',
  'onError',
  'captureForAwait',
];

/** What a domain is known by, in whatever it is composed into; registered for other copies of this library. */
export const markKey: unique symbol = Symbol.for('otel-promise-domain.mark');

export interface MarkedDomain extends PromiseDomain {
  readonly [markKey]?: unknown;
}

/** @throws TypeError that names `where` unless `domain` is an object whose hooks, where present, are functions. */
export function checkPromiseDomain(where: string, domain: PromiseDomain): void {
  check(where, 'object', domain, 'a PromiseDomain');
  for (const hook of hooks)
    if (domain[hook] !== undefined) check(`${where}.${hook}`, 'function', domain[hook]);
}

/**
 * The domain in which both act: the hooks of `added` wrap closest to the callback, those of `base` around them.
 *
 * @returns `added` itself where there is no `base`
 * @throws TypeError if `base` (unless `undefined`) or `added` is not a PromiseDomain
 */
export function composePromiseDomains(base: MarkedDomain | undefined, added: MarkedDomain): PromiseDomain {
  checkPromiseDomain('composePromiseDomains: added', added);
  if (base === undefined) return added;
  checkPromiseDomain('composePromiseDomains: base', base);
  const wrapWith =
    (hook: WrapHook) =>
    <F>(callback: F): F =>
      wrapBy(base, hook, wrapBy(added, hook, callback));
  const composed: MarkedDomain = {
    name: `${base.name ?? '?'} + ${added.name ?? '?'}`,
    [markKey]: base[markKey] ?? added[markKey],
    wrapOnFulfilled: wrapWith('wrapOnFulfilled'),
    wrapOnRejected: wrapWith('wrapOnRejected'),
    ...((base.wrapOnFinally || added.wrapOnFinally) && { wrapOnFinally: wrapWith('wrapOnFinally') }),
    ...((base.captureForAwait || added.captureForAwait) && {
      captureForAwait: () => captureBoth(base, added),
    }),
    wrapSync: (fn) => runSync(base, () => runSync(added, fn)),
    onError(error) {
      tellError(added, error);
      tellError(base, error);
    },
  };
  return composed;
}

export type WrapHook = 'wrapOnFulfilled' | 'wrapOnRejected' | 'wrapOnFinally';

/** What `domain` makes of `callback` by `hook`; `callback` itself where the domain has no such hook. */
export function wrapBy<F>(domain: PromiseDomain, hook: WrapHook, callback: F): F {
  const used = hook === 'wrapOnFinally' && !domain[hook] ? 'wrapOnFulfilled' : hook;
  if (!domain[used]) return callback;
  // Reason for the cast: a hook keeps the type of what it wraps; that F is a callback for it is the caller's matter.
  const wrapped = (domain[used] as (callback: F) => F)(callback);
  check(`PromiseDomain.${used}: result`, 'function', wrapped);
  return wrapped;
}

/** What `domain` is to enter after the `await` that is being evaluated, if anything. */
export function captureForAwaitBy(domain: PromiseDomain): Enter | undefined {
  const enter = domain.captureForAwait?.();
  if (enter !== undefined) check('PromiseDomain.captureForAwait: result', 'function', enter);
  return enter;
}

function captureBoth(base: PromiseDomain, added: PromiseDomain): Enter | undefined {
  const enterBase = captureForAwaitBy(base);
  const enterAdded = captureForAwaitBy(added);
  return enterBase && enterAdded ? () => enterBoth(enterBase, enterAdded) : (enterBase ?? enterAdded);
}

/** Enters `outer`, then `inner`, and returns what leaves them in reverse. One that throws does not stop the other. */
export function enterBoth(outer: Enter | undefined, inner: Enter | undefined): () => void {
  let leaveOuter: (() => void) | undefined;
  let leaveInner: (() => void) | undefined;
  if (outer)
    aside(() => {
      leaveOuter = outer();
    });
  if (inner)
    aside(() => {
      leaveInner = inner();
    });
  return () => {
    if (leaveInner) aside(leaveInner);
    if (leaveOuter) aside(leaveOuter);
  };
}

/** Runs `fn` by the domain's `wrapSync`, where it has one. */
export function runSync<R>(domain: PromiseDomain, fn: () => R): R {
  return domain.wrapSync ? domain.wrapSync(fn) : fn();
}

/** Tells `domain` of an error that goes on to whoever awaits it. */
export function tellError(domain: PromiseDomain, error: unknown): void {
  aside(() => domain.onError?.(error));
}
