import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import { currentPromiseDomain, withPromiseDomain } from '../domain/current-domain.js';
import { type Enter, state } from '../domain/global-state.js';
import { type HandoffDomain, handoffKey } from '../domain/handoff-domain.js';
import { disposable, install } from '../domain/local-domain.js';
import {
  checkPromiseDomain,
  composePromiseDomains,
  type MarkedDomain,
  markKey,
  type PromiseDomain,
} from '../domain/promise-domain.js';
import { stackTrace } from '../domain/stack-trace.js';
import { check } from '../errors.js';
import { contextManager, restoresNatively } from './context-manager.js';

/**
 * The handoff domain: `then()` captures the active context, which holds the active span, and its callbacks run with
 * that one context active. One reference captured and one reactivation a callback, however deeply spans are nested.
 *
 * Source: `with_otel_promise_domain()` of the R package `promises`.
 */
const otelPromiseDomain: HandoffDomain & MarkedDomain = {
  name: 'otel',
  [markKey]: true,
  [handoffKey]: { capture: captureActiveSpan, reactivate: reactivateSpan, keptByRuntime },
  wrapOnFulfilled: handOff,
  wrapOnRejected: handOff,
};

/** Runs when `then()` is called. Where nothing is active, nothing is captured and nothing will be reactivated. */
function captureActiveSpan(): Context | undefined {
  const manager = contextManager();
  if (manager === undefined || restoresNatively(manager)) return undefined;
  const active = manager.active();
  return active === ROOT_CONTEXT ? undefined : active;
}

function keptByRuntime(): boolean {
  const manager = contextManager();
  return manager !== undefined && restoresNatively(manager);
}

/** For an await: what a manager has active that is not `DomainContextManager`, to be attached again after it. */
function captureAttached(): Enter | undefined {
  const manager = contextManager();
  if (!manager?.attach || restoresNatively(manager)) return undefined;
  const active = manager.active();
  if (active === ROOT_CONTEXT || active === state.context.value) return undefined;
  return () => {
    const token = manager.attach?.(active);
    return () => token?.dispose();
  };
}

state.captureContext ??= captureAttached;

/** Runs when the callback is due; some context managers have restored the context themselves by then. */
function reactivateSpan<T, R>(captured: unknown, callback: (value: T) => R, value: T): R {
  const manager = contextManager();
  if (manager === undefined || manager.active() === captured) return callback(value);
  return manager.with(captured as Context, call<T, R>, undefined, callback, value);
}

/** Calls `callback` as a plain function: managers differ in the `this` that they pass. */
function call<T, R>(callback: (value: T) => R, value: T): R {
  return callback(value);
}

/** The same in one, for where this domain is a part of another. */
function handOff<T, R>(callback: (value: T) => R): (value: T) => R {
  const captured = captureActiveSpan();
  return captured === undefined ? callback : (value) => reactivateSpan(captured, callback, value);
}

/**
 * Whether `domain` hands the active span over.
 *
 * @param domain default: the current domain
 * @throws TypeError if `domain` is neither `undefined` nor a PromiseDomain
 */
export function hasOtelPromiseDomain(domain: PromiseDomain | undefined = currentPromiseDomain()): boolean {
  if (domain === undefined) return false;
  checkPromiseDomain('hasOtelPromiseDomain: domain', domain);
  return (domain as MarkedDomain)[markKey] === true;
}

/**
 * Calls `fn` with the handoff domain current: whatever `then()` of a domain promise is called in it keeps the active
 * span for its callbacks. Where that domain is installed already, the current domain stays untouched.
 *
 * @returns what `fn` returns
 * @throws TypeError if `fn` is not a function; else what `fn` throws
 */
export function withOtelPromiseDomain<R>(fn: () => R): R {
  check('withOtelPromiseDomain: fn', 'function', fn);
  return hasOtelPromiseDomain() ? fn() : withPromiseDomain(otelPromiseDomain, fn);
}

/**
 * Installs the handoff domain until the returned object is disposed, at the latest until the end of the running job.
 * For `using _ = localOtelPromiseDomain()`. Where that domain is installed already, the current domain stays untouched,
 * and of several local ones it stays in force until the last is disposed. In an async function it stays in force after
 * each `await` of a domain promise, and from the first one on only there.
 */
export function localOtelPromiseDomain(): Disposable {
  const current = currentPromiseDomain();
  const domain = hasOtelPromiseDomain() ? current : composePromiseDomains(current, otelPromiseDomain);
  return disposable(install(state.domain, domain, stackTrace()));
}
