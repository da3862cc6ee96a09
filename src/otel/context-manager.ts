import type { ContextManager } from '@opentelemetry/api';

/** Where all copies of @opentelemetry/api 1.x keep what is registered (`internal/global-utils` of that package). */
const apiKey: unique symbol = Symbol.for('opentelemetry.js.api.1');

/** The registered context manager itself, without the calls through the API that every step would pay for. */
export function contextManager(): ContextManager | undefined {
  // Reason for the cast: `globalThis` has no index signature for symbols.
  return (globalThis as { [apiKey]?: { context?: ContextManager } })[apiKey]?.context;
}

/**
 * Whether the manager itself has the context of a `then()` active in its callbacks, and the one of an `await` after it.
 * Those on AsyncLocalStorage do; the field is that of `AsyncLocalStorageContextManager` and of what extends it. For any
 * other manager the answer is no, at the price of a reactivation that may be needless.
 */
export function restoresNatively(manager: ContextManager): boolean {
  return '_asyncLocalStorage' in manager;
}
