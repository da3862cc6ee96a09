import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  ROOT_CONTEXT,
} from '@opentelemetry/api';
import { onTestFinished } from 'vitest';
import { DomainContextManager } from '../../src/index.js';

/** A manager of somebody else's, which keeps one active context and can have it set without a callback. */
class AttachingManager implements ContextManager {
  #active: Context = ROOT_CONTEXT;
  active(): Context {
    return this.#active;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    ctx: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const token = this.attach(ctx);
    try {
      return fn.call(thisArg, ...args);
    } finally {
      token.dispose();
    }
  }
  attach(ctx: Context): { dispose(): void } {
    const before = this.#active;
    this.#active = ctx;
    return {
      dispose: () => {
        this.#active = before;
      },
    };
  }
  bind<T>(_context: Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    this.#active = ROOT_CONTEXT;
    return this;
  }
}

/** The managers under which an await of a domain promise is kept by a bracket, by the name that test titles show. */
export const bracketingManagers = [
  ['DomainContextManager', () => new DomainContextManager()],
  [
    'DomainContextManager without async stack traces',
    () => new DomainContextManager({ asyncStackTraces: false }),
  ],
  ['another manager with attach', () => new AttachingManager()],
] as const satisfies [string, () => ContextManager][];

/** Registers `manager` until the running test is over. */
export function register<M extends ContextManager>(manager: M): M {
  context.setGlobalContextManager(manager);
  onTestFinished(() => context.disable());
  return manager;
}

const key = createContextKey('name');

/** Calls `fn` with a context active that is known by `name`. */
export function within<R>(name: string, fn: () => R): R {
  return context.with(named(name), fn);
}

export function named(name: string): Context {
  return context.active().setValue(key, name);
}

/** The name of the active context, `undefined` where none is active. */
export function active(): unknown {
  return context.active().getValue(key);
}

/** An async function that awaits `value`, and then returns what `fn` returns. */
export async function after<R>(value: unknown, fn: () => R): Promise<R> {
  await value;
  return fn();
}

/** Resolves after every microtask that is queued now, and all that those queue. */
export function allJobsDone(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
