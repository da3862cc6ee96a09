import { aside, check } from '../errors.js';
import { type Installation, state } from './global-state.js';
import type { PromiseDomain } from './promise-domain.js';

/**
 * One thing that happened, told while it happens: what is active at that moment is active in the observer. What a domain
 * restores for a callback or after an await is in force from its `enter` to its `leave`, and not told on its own.
 */
export type PromiseDomainEvent =
  /**
   * A domain was made current; `domain` is the one in force from now on. `local` is there for a local domain, the same
   * object when that is left, and its `over` is false until it is disposed.
   */
  | {
      readonly kind: 'domain enter';
      readonly domain: PromiseDomain | undefined;
      readonly local: { readonly over: boolean } | undefined;
    }
  /** `left` is no longer current, `domain` is; `why` is there where nothing was disposed: an await suspends, or the job is over. */
  | {
      readonly kind: 'domain leave';
      readonly domain: PromiseDomain | undefined;
      readonly left: PromiseDomain | undefined;
      readonly local: { readonly over: boolean } | undefined;
      readonly why: 'suspended' | 'job over' | undefined;
    }
  /** `then()` is called on `promise`; what it does is told next. No job of it is queued yet. */
  | { readonly kind: 'then call'; readonly promise: Promise<unknown> }
  /** `then()` was called on `promise` and returned `derived`; `domain` is what it captured. Or `finally()`, with one callback for both. */
  | {
      readonly kind: 'then';
      readonly promise: Promise<unknown>;
      readonly derived: Promise<unknown>;
      readonly domain: PromiseDomain | undefined;
      readonly method: 'then' | 'finally';
      readonly onFulfilled: unknown;
      readonly onRejected: unknown;
    }
  /** A step of the library's own: `derived` settles with `promise`. */
  | { readonly kind: 'follow'; readonly promise: Promise<unknown>; readonly derived: Promise<unknown> }
  /** A callback starts whose result settles `derived`. */
  | { readonly kind: 'callback enter'; readonly derived: Promise<unknown>; readonly callback: unknown }
  /** It ends; `thrown` is not `undefined` if it threw, or else it has `returned` something. */
  | {
      readonly kind: 'callback leave';
      readonly derived: Promise<unknown>;
      readonly callback: unknown;
      readonly thrown: { readonly reason: unknown } | undefined;
      readonly returned: unknown;
    }
  /**
   * A native `await` of `promise` has captured what is active; later what follows it starts, and is suspended or ends.
   * `captured` is the same object for the three of one await.
   */
  | {
      readonly kind: 'await' | 'await enter' | 'await leave';
      readonly promise: Promise<unknown>;
      readonly captured: object;
    };

export type PromiseDomainObserver = (event: PromiseDomainEvent) => void;

/**
 * Tells `observer` of everything that promise domains do in this realm, until the returned function is called; calling
 * that twice is harmless. What an observer throws surfaces as an unhandled rejection and changes nothing else.
 *
 * @throws TypeError if `observer` is not a function
 */
export function observePromiseDomains(observer: PromiseDomainObserver): () => void {
  check('observePromiseDomains: observer', 'function', observer);
  // A function of its own, so that the same observer can be added twice and removed one at a time.
  const added: PromiseDomainObserver = (event) => observer(event);
  state.observers = [...(state.observers ?? []), added];
  return () => {
    const rest = state.observers?.filter((other) => other !== added);
    state.observers = rest?.[0] && rest;
  };
}

/** Callers test `state.observers` first, so that an event is only made where somebody observes. */
export function notify(event: PromiseDomainEvent): void {
  for (const observer of state.observers ?? []) aside(() => observer(event));
}

/** Tells that `slot`, if it is that of the current domain, has a new value, which a local domain has brought or not. */
export function notifyOfEnter(slot: object, local?: Installation<unknown>): void {
  if (state.observers && slot === state.domain)
    notify({ kind: 'domain enter', domain: state.domain.value, local });
}

/** Tells that `slot`, if it is that of the current domain, has no longer the value `left`, which `local` had brought. */
export function notifyOfLeave(
  slot: object,
  left: unknown,
  local?: Installation<unknown>,
  why?: 'suspended' | 'job over',
): void {
  if (state.observers && slot === state.domain)
    // Reason for the cast: it comes from that slot.
    notify({ kind: 'domain leave', domain: state.domain.value, left: left as PromiseDomain, local, why });
}

/** One call of `then()` under observation. */
interface ObservedStep {
  /** `handler`, its start and end told of; anything but a function stays what it is. `callback` is what the user gave. */
  wrap<H>(handler: H, callback?: unknown): H;
  /** To be called once the step is registered; callbacks only run after that. */
  tell(derived: Promise<unknown>): void;
}

/** To be called before anything is queued. */
export function observeStep(
  promise: Promise<unknown>,
  domain: PromiseDomain | undefined,
  method: 'then' | 'finally',
  onFulfilled: unknown,
  onRejected: unknown,
): ObservedStep {
  notify({ kind: 'then call', promise });
  let derived: Promise<unknown>;
  const observing = (handler: (value: unknown) => unknown, callback: unknown) => (value: unknown) => {
    notify({ kind: 'callback enter', derived, callback });
    let thrown: { reason: unknown } | undefined;
    let returned: unknown;
    try {
      returned = handler(value);
      return returned;
    } catch (reason) {
      thrown = { reason };
      throw reason;
    } finally {
      notify({ kind: 'callback leave', derived, callback, thrown, returned });
    }
  };
  return {
    // Reason for the casts: a handler that is a function takes a value or nothing.
    wrap: (handler, callback = handler) =>
      typeof handler === 'function'
        ? (observing(handler as unknown as (value: unknown) => unknown, callback) as typeof handler)
        : handler,
    tell(result) {
      derived = result;
      notify({ kind: 'then', promise, derived, domain, method, onFulfilled, onRejected });
    },
  };
}
