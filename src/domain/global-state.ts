import type { PromiseDomainObserver } from './observer.js';
import type { PromiseDomain } from './promise-domain.js';
import { showsCallers } from './stack-trace.js';

/** What all copies of this library in one realm share. */
interface GlobalState {
  /** The domain that `then()` captures right now. */
  readonly domain: Slot<PromiseDomain>;
  /** The active context of `DomainContextManager`; what it is, is not the matter of this floor. */
  readonly context: Slot<unknown>;
  /** What an await is to keep beside these two, if anything: the context of a manager that can only be told by calls. */
  captureContext: CaptureForAwait | undefined;
  /** Whether an await that is kept by a bracket gives up the frames of its callers in stack traces, for speed. */
  cutsStackTraces: boolean;
  /** Absent while nobody observes, so that the test for it is the only cost. */
  observers: readonly PromiseDomainObserver[] | undefined;
}

/** One thing that is current, and what made it so. */
export interface Slot<T> {
  value: T | undefined;
  /** The installation that made it current, where it was one and not a call. */
  installation: Installation<T> | undefined;
}

/** What was made current until it is disposed. */
export interface Installation<T> {
  /** What was current before. */
  value: T | undefined;
  /** The installation that had made that one current, where it was one. */
  installation: Installation<T> | undefined;
  /** Where it was installed, until the function that did so is suspended or its job ends. */
  trace: readonly string[] | undefined;
  /** Set when it is disposed: where another one is on top of it, the end of that one ends both. */
  over: boolean;
}

/** Enters what was captured, and returns what leaves it. */
export type Enter = () => () => void;

/** Captures what an await is to keep; `undefined` where it is to keep nothing. */
type CaptureForAwait = () => Enter | undefined;

/** Versioned: a later layout of the record takes another key and leaves this one to the older copies. */
const key: unique symbol = Symbol.for('otel-promise-domain.state.1');

// Reason for the cast: `globalThis` has no index signature for symbols.
const realm = globalThis as { [key]?: GlobalState };

realm[key] ??= {
  domain: { value: undefined, installation: undefined },
  context: { value: undefined, installation: undefined },
  captureContext: undefined,
  cutsStackTraces: !showsCallers,
  observers: undefined,
};

export const state: GlobalState = realm[key];
