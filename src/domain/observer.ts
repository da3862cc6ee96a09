import { aside, check } from '../errors.js';
import { state } from './global-state.js';
import type { PromiseDomain } from './promise-domain.js';

/** One thing that happened, told while it happens: what is active at that moment is active in the observer. */
export type PromiseDomainEvent =
  /** The current domain was set or put back; `domain` is the one in force from now on. */
  | { readonly kind: 'domain enter' | 'domain leave'; readonly domain: PromiseDomain | undefined }
  /** `then()` was called on `promise` and returned `derived`; `domain` is what it captured. */
  | {
      readonly kind: 'then';
      readonly promise: Promise<unknown>;
      readonly derived: Promise<unknown>;
      readonly domain: PromiseDomain | undefined;
    }
  /** A callback starts or ends whose result settles `derived`; told inside what its domain has restored. */
  | { readonly kind: 'callback enter' | 'callback leave'; readonly derived: Promise<unknown> }
  /** A native `await` of `promise` has captured what is active; later what follows it starts, and is suspended or ends. */
  | { readonly kind: 'await' | 'await enter' | 'await leave'; readonly promise: Promise<unknown> };

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

/** One call of `then()` under observation. */
interface ObservedStep {
  /** `handler`, its start and end told of; anything but a function stays what it is. */
  wrap<H>(handler: H): H;
  /** To be called once the step is registered; callbacks only run after that. */
  tell(promise: Promise<unknown>, derived: Promise<unknown>, domain: PromiseDomain | undefined): void;
}

export function observeStep(): ObservedStep {
  let derived: Promise<unknown>;
  const observing = (callback: (value: unknown) => unknown) => (value: unknown) => {
    notify({ kind: 'callback enter', derived });
    try {
      return callback(value);
    } finally {
      notify({ kind: 'callback leave', derived });
    }
  };
  return {
    // Reason for the casts: a handler that is a function takes a value or nothing.
    wrap: (handler) =>
      typeof handler === 'function'
        ? (observing(handler as unknown as (value: unknown) => unknown) as typeof handler)
        : handler,
    tell(promise, result, domain) {
      derived = result;
      notify({ kind: 'then', promise, derived, domain });
    },
  };
}
