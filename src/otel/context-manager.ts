import type { Context, ContextManager, TracerProvider } from '@opentelemetry/api';

/** What `attach` of a context manager returns (@opentelemetry/api 1.10). */
export interface AttachedContext {
  /** Restores the context that was active before. Disposing twice, or in any order, is harmless. */
  dispose(): void;
}

export interface RegisteredManager extends ContextManager {
  /** Makes `context` active until the token is disposed; managers written for API 1.9 have none. */
  attach?(context: Context): AttachedContext;
}

/** Where all copies of @opentelemetry/api 1.x keep what is registered (`internal/global-utils` of that package). */
const apiKey: unique symbol = Symbol.for('opentelemetry.js.api.1');

/** The registered context manager itself, without the calls through the API that every step would pay for. */
export function contextManager(): RegisteredManager | undefined {
  // Reason for the cast: `globalThis` has no index signature for symbols.
  return (globalThis as { [apiKey]?: { context?: RegisteredManager } })[apiKey]?.context;
}

/** The registered tracer provider, in the wrapper that the API puts around it. */
export function tracerProvider(): TracerProvider | undefined {
  // Reason for the cast: the same.
  return (globalThis as { [apiKey]?: { trace?: TracerProvider } })[apiKey]?.trace;
}

/**
 * Whether the manager itself has the context of a `then()` active in its callbacks, and the one of an `await` after it.
 * Those on AsyncLocalStorage do; the field is that of `AsyncLocalStorageContextManager` and of what extends it. For any
 * other manager the answer is no, at the price of a reactivation that may be needless.
 */
export function restoresNatively(manager: ContextManager): boolean {
  return '_asyncLocalStorage' in manager;
}
