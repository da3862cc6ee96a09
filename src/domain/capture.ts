import { runIn } from './current-domain.js';
import { isHandoffDomain } from './handoff-domain.js';
import { type PromiseDomain, type WrapHook, wrapBy } from './promise-domain.js';

/** A callback of `then()`, or whatever was given in the place of one. */
export type Handler<T, R> = ((value: T) => R) | null | undefined;

/** What to hand to the native `then` for `handler`, `domain` being captured; anything but a function as it is. */
export function capture<T, R>(
  domain: PromiseDomain,
  captured: unknown,
  hook: WrapHook,
  handler: Handler<T, R>,
): Handler<T, R> {
  if (typeof handler !== 'function') return handler;
  return restoring(domain, isHandoffDomain(domain) ? handler : wrapBy(domain, hook, handler), captured);
}

/** `callback` with `domain` current while it runs, so that a `then()` in it captures the domain in its turn. */
export function restoring<T, R>(
  domain: PromiseDomain,
  callback: (value: T) => R,
  captured?: unknown,
): (value: T) => R {
  return (value) => runIn(domain, domain, callback, value, captured);
}
