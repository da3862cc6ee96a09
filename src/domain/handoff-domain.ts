import type { PromiseDomain } from './promise-domain.js';

/** Registered and versioned: a copy of this library knows the handoff domains of the others. */
export const handoffKey: unique symbol = Symbol.for('otel-promise-domain.handoff.1');

/**
 * A domain that hands one value over to the callbacks of a `then()`. By this member one closure a callback restores both
 * the domain and the value; its hooks do the same for whoever calls them, a composed domain for one.
 */
export interface HandoffDomain extends PromiseDomain {
  readonly [handoffKey]: {
    /** Called by `then()`, once for its two callbacks: what is to be active in them; `undefined` if there is no need. */
    capture(): unknown;
    /** Calls `callback` as a plain function, with what was captured active. */
    reactivate<T, R>(captured: unknown, callback: (value: T) => R, value: T): R;
    /** Whether the runtime has it active after a native `await` too, so that the await needs no bracket for this domain. */
    keptByRuntime(): boolean;
  };
}

export function isHandoffDomain(domain: PromiseDomain): domain is HandoffDomain {
  return handoffKey in domain;
}
