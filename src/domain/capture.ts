import { runIn } from './current-domain.js';
import { handoffKey, isHandoffDomain } from './handoff-domain.js';
import { type PromiseDomain, type WrapHook, wrapBy } from './promise-domain.js';

/** A callback of `then()`, or whatever was given in the place of one. */
export type Handler<T, R> = ((value: T) => R) | null | undefined;

type Callback = (value: unknown) => unknown;

/** What `domain` hands over to the callbacks of the `then()` that is being called, if it hands anything over. */
export function captureFor(domain: PromiseDomain): unknown {
  return isHandoffDomain(domain) ? domain[handoffKey].capture() : undefined;
}

/**
 * What to hand to the native `then` for `handler`; anything but a function stays what it is.
 *
 * @param captured what `captureFor(domain)` returned
 */
export function restoring<H>(domain: PromiseDomain, captured: unknown, hook: WrapHook, handler: H): H {
  if (typeof handler !== 'function') return handler;
  const callback = isHandoffDomain(domain) ? handler : wrapBy(domain, hook, handler);
  // Bound, because V8 starts a bound function sooner than a closure that is called once.
  // Reason for the cast: it takes what the handler takes, a value or nothing, and returns what the handler returns.
  return runRestored.bind(undefined, domain, callback as unknown as Callback, captured) as H;
}

/** Runs a callback with the domain current that was captured, so that a `then()` in it captures that domain again. */
function runRestored(domain: PromiseDomain, callback: Callback, captured: unknown, value: unknown): unknown {
  return runIn(domain, domain, callback, value, captured);
}
