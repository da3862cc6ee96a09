import type { PromiseDomainObserver } from './observer.js';
import type { PromiseDomain } from './promise-domain.js';

/** What all copies of this library in one realm share. */
interface GlobalState {
  /** The domain that `then()` captures right now. */
  domain: PromiseDomain | undefined;
  /** Absent while nobody observes, so that the test for it is the only cost. */
  observers: readonly PromiseDomainObserver[] | undefined;
}

/** Versioned: a later layout of the record takes another key and leaves this one to the older copies. */
const key: unique symbol = Symbol.for('otel-promise-domain.state.1');

// Reason for the cast: `globalThis` has no index signature for symbols.
const realm = globalThis as { [key]?: GlobalState };

realm[key] ??= { domain: undefined, observers: undefined };

export const state: GlobalState = realm[key];
