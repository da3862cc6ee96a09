import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';
import { state } from '../domain/global-state.js';
import { install } from '../domain/local-domain.js';
import { put } from '../domain/slot.js';
import { showsCallers, stackTrace } from '../domain/stack-trace.js';
import { check } from '../errors.js';
import { bindListeners } from './bind-listeners.js';
import type { AttachedContext } from './context-manager.js';

export interface DomainContextManagerOptions {
  /**
   * Whether errors thrown below an `await` of a domain promise show the async functions that wait for them, as they do
   * with native promises. `false` makes such an `await` about twice as fast. Default: true.
   */
  readonly asyncStackTraces?: boolean | undefined;
}

/**
 * A context manager for runtimes without AsyncLocalStorage, browsers first of all. It keeps the active context in the
 * callbacks of domain promises inside the handoff domain, and after every native `await` of a domain promise.
 *
 * All instances in a realm share one active context, as all copies of this library do.
 *
 * Source: `ContextManager` of the OpenTelemetry API.
 */
export class DomainContextManager implements ContextManager {
  readonly #cutsStackTraces: boolean;

  /** @throws TypeError if `options` is not what it must be */
  constructor(options: DomainContextManagerOptions = {}) {
    check('DomainContextManager: options', 'object', options, 'an object');
    const { asyncStackTraces = true } = options;
    check('DomainContextManager: options.asyncStackTraces', 'boolean', asyncStackTraces);
    this.#cutsStackTraces = !(asyncStackTraces && showsCallers);
    state.cutsStackTraces = this.#cutsStackTraces;
  }

  /** The active context, `ROOT_CONTEXT` where there is none. */
  active(): Context {
    // Reason for the cast: nothing else is put there.
    return (state.context.value as Context | undefined) ?? ROOT_CONTEXT;
  }

  /** Calls `fn` with `context` active, and restores what was active before when it returns or throws. */
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    state.cutsStackTraces = this.#cutsStackTraces;
    const { value, installation } = state.context;
    put(state.context, nothingAsUndefined(context));
    try {
      return fn.call(thisArg, ...args);
    } finally {
      put(state.context, value, installation);
    }
  }

  /**
   * Binds `context` to a function, or to the listeners that are added to an event emitter or an `EventTarget` from now on.
   * Anything else is returned as it is. A target is bound once: binding it again changes nothing.
   *
   * @returns for a function another one, with the same `length`; else `target` itself
   */
  bind<T>(context: Context | undefined, target: T): T {
    const bound = context ?? this.active();
    if (typeof target !== 'function') {
      bindListeners(target, (listener) => this.#bindFunction(bound, listener));
      return target;
    }
    // Reason for the cast: it takes and returns what the target does.
    return this.#bindFunction(bound, target as unknown as (...args: unknown[]) => unknown) as T;
  }

  /**
   * Has awaits treated as the options of this manager say, until another one is enabled or makes a context active. A new
   * manager is enabled.
   */
  enable(): this {
    state.cutsStackTraces = this.#cutsStackTraces;
    return this;
  }

  /** Leaves nothing active. Async functions that are suspended go on in their contexts. */
  disable(): this {
    put(state.context, undefined);
    return this;
  }

  /**
   * Makes `context` active until the returned token is disposed, at the latest until the end of the running job. In an
   * async function it stays active after each `await` of a domain promise, and from the first one on only there.
   *
   * Source: `ContextManager.attach` of @opentelemetry/api 1.10, experimental there.
   */
  attach(context: Context): AttachedContext {
    state.cutsStackTraces = this.#cutsStackTraces;
    return { dispose: install(state.context, nothingAsUndefined(context), stackTrace()) };
  }

  #bindFunction<A extends unknown[], R>(context: Context, target: (...args: A) => R): (...args: A) => R {
    const manager = this;
    const bound = function (this: unknown, ...args: A): R {
      return manager.with(context, target, this, ...args);
    };
    Object.defineProperty(bound, 'length', { value: target.length, configurable: true });
    return bound;
  }
}

/** No context to keep is the cheapest one. */
function nothingAsUndefined(context: Context | undefined): Context | undefined {
  return context === ROOT_CONTEXT ? undefined : (context ?? undefined);
}
