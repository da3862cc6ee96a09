import type { PromiseDomainObserver } from './observer.js';
import type { PromiseDomain } from './promise-domain.js';

/** What all copies of this library in one realm share. */
interface GlobalState {
  /** The domain that `then()` captures right now. */
  domain: PromiseDomain | undefined;
  /** The local installation that made it current, where it was one. */
  installation: Installation | undefined;
  /** Absent while nobody observes, so that the test for it is the only cost. */
  observers: readonly PromiseDomainObserver[] | undefined;
}

/** A local domain, in force until it is disposed. */
export interface Installation {
  /** The domain that was current before. */
  readonly domain: PromiseDomain | undefined;
  /** The local installation that had made that one current, where it was one. */
  readonly before: Installation | undefined;
  /** Set when it is disposed: where another one is on top of it, the end of that one ends both. */
  over: boolean;
}

/** Versioned: a later layout of the record takes another key and leaves this one to the older copies. */
const key: unique symbol = Symbol.for('otel-promise-domain.state.1');

// Reason for the cast: `globalThis` has no index signature for symbols.
const realm = globalThis as { [key]?: GlobalState };

realm[key] ??= { domain: undefined, installation: undefined, observers: undefined };

export const state: GlobalState = realm[key];
