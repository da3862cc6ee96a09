import { state } from './global-state.js';
import { type PromiseDomain, tellError, type WrapHook, wrapBy } from './promise-domain.js';

/** A callback of `then()`, or whatever was given in the place of one. */
export type Handler<T, R> = ((value: T) => R) | null | undefined;

export const snapshotKey: unique symbol = Symbol('snapshot');
export const reactivateKey: unique symbol = Symbol('reactivate');

/**
 * A domain that hands one value over, the snapshot. By these two members one closure a callback restores both the
 * domain and the snapshot; its hooks do the same for whoever calls them, a composed domain for one.
 */
export interface SnapshotDomain<S> extends PromiseDomain {
  /** Called by `then()`: what is to be active in its callbacks; `undefined` if nothing needs to be done for that. */
  [snapshotKey](): S | undefined;
  /** Calls `callback` as a plain function, with `snapshot` active. */
  [reactivateKey]<T, R>(snapshot: S, callback: (value: T) => R, value: T): R;
}

/** Called by `then()`, once for its two callbacks. */
export function takeSnapshot(domain: PromiseDomain): unknown {
  return isSnapshotDomain(domain) ? domain[snapshotKey]() : undefined;
}

/** What to hand to the native `then` for `handler`. */
export function capture<T, R>(
  domain: PromiseDomain,
  snapshot: unknown,
  hook: WrapHook,
  handler: Handler<T, R>,
): Handler<T, R> {
  if (typeof handler !== 'function') return handler;
  return restoring(domain, isSnapshotDomain(domain) ? handler : wrapBy(domain, hook, handler), snapshot);
}

function isSnapshotDomain(domain: PromiseDomain): domain is SnapshotDomain<unknown> {
  return snapshotKey in domain;
}

/** `callback` with `domain` current while it runs, so that a `then()` in it captures the domain in its turn. */
export function restoring<T, R>(
  domain: PromiseDomain,
  callback: (value: T) => R,
  snapshot?: unknown,
): (value: T) => R {
  return (value) => {
    const before = state.domain;
    state.domain = domain;
    try {
      // Reason for the cast: only a snapshot domain gives a snapshot.
      return snapshot === undefined
        ? callback(value)
        : (domain as SnapshotDomain<unknown>)[reactivateKey](snapshot, callback, value);
    } catch (error) {
      tellError(domain, error);
      throw error;
    } finally {
      state.domain = before;
    }
  };
}
