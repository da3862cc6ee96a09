import { runIn } from './current-domain.js';
import { state } from './global-state.js';
import { handoffKey, isHandoffDomain } from './handoff-domain.js';
import { type PromiseDomain, type WrapHook, wrapBy } from './promise-domain.js';
import { put } from './slot.js';

/** A callback of `then()`, or whatever was given in the place of one. */
export type Handler<T, R> = ((value: T) => R) | null | undefined;

type Callback = (value: unknown) => unknown;

/** What `domain` hands over to the callbacks of the `then()` that is being called, if that is not simply in the record. */
export function captureFor(domain: PromiseDomain): unknown {
  return isHandoffDomain(domain) && state.context.value === undefined
    ? domain[handoffKey].capture()
    : undefined;
}

/**
 * What to hand to the native `then` for `handler`; anything but a function stays what it is.
 *
 * @param captured what `captureFor(domain)` returned
 */
export function restoring<H>(domain: PromiseDomain, captured: unknown, hook: WrapHook, handler: H): H {
  if (typeof handler !== 'function') return handler;
  // Reason for the casts: it takes what the handler takes, a value or nothing, and returns what the handler returns.
  // Bound, because V8 starts a bound function sooner than a closure that is called once.
  if (!isHandoffDomain(domain)) {
    const callback = wrapBy(domain, hook, handler) as unknown as Callback;
    return runRestored.bind(undefined, domain, callback, undefined) as H;
  }
  const callback = handler as unknown as Callback;
  const context = state.context.value;
  return context === undefined
    ? (runRestored.bind(undefined, domain, callback, captured) as H)
    : (runInContext.bind(undefined, domain, callback, context) as H);
}

/** Runs a callback with the domain current that was captured, so that a `then()` in it captures that domain again. */
function runRestored(domain: PromiseDomain, callback: Callback, captured: unknown, value: unknown): unknown {
  return runIn(domain, domain, callback, value, captured);
}

/** The same, and quicker, for a handoff domain and the context in the record. A handoff domain is told of no errors. */
function runInContext(domain: PromiseDomain, callback: Callback, context: unknown, value: unknown): unknown {
  const { value: domainBefore, installation } = state.domain;
  const { value: contextBefore, installation: attachment } = state.context;
  put(state.context, context);
  put(state.domain, domain);
  try {
    return callback(value);
  } finally {
    put(state.domain, domainBefore, installation);
    put(state.context, contextBefore, attachment);
  }
}
