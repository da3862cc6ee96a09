import type { PromiseDomain } from '../../src/index.js';
import { type Kind, promiseResolve, SpecPromise } from './spec-promise.js';

export const handoff = Symbol('handoff');

/** A domain is a list of these, the outermost first. */
export type Part = PromiseDomain | typeof handoff;

/** One installation of a domain, and what was current before it. */
interface Installation {
  readonly parts: readonly Part[];
  readonly before: Installation | undefined;
  disposed: boolean;
}

type Callback = (value: unknown) => unknown;
type Hook = 'wrapOnFulfilled' | 'wrapOnRejected' | 'wrapOnFinally';

/** What is active and current while jobs run one after another, and the two kinds of promises that they make. */
export function modelScene<C extends object>(root: C, { restoresContext }: { restoresContext: boolean }) {
  const jobs: (() => void)[] = [];
  const unhandled = new Set<SpecPromise>();
  let active = root;
  let current: Installation | undefined;

  const parts = (): readonly Part[] => current?.parts ?? [];

  function inContext<R>(context: C, fn: () => R): R {
    const before = active;
    active = context;
    try {
      return fn();
    } finally {
      active = before;
    }
  }

  function install(installed: readonly Part[]): Installation {
    current = { parts: installed, before: current, disposed: false };
    return current;
  }

  function leave({ before }: Installation): void {
    current = before;
    while (current?.disposed) current = current.before;
  }

  function inDomain<R>(installed: readonly Part[], fn: () => R): R {
    const installation = install(installed);
    try {
      return fn();
    } finally {
      leave(installation);
    }
  }

  function localDomain(installed: readonly Part[]): () => void {
    const installation = install(installed);
    return () => {
      if (installation.disposed) return;
      installation.disposed = true;
      if (current === installation) leave(installation);
    };
  }

  /** Runs `fn`; what it throws is told to the domains and goes on. What they throw in their turn goes nowhere. */
  function tellErrors<R>(told: readonly Part[], fn: () => R): R {
    try {
      return fn();
    } catch (error) {
      for (const part of [...told].reverse()) {
        try {
          if (part !== handoff) part.onError?.(error);
        } catch (thrown) {
          rejected(thrown);
        }
      }
      throw error;
    }
  }

  function capture(callback: Callback, hook: (part: PromiseDomain) => Hook): Callback {
    const captured = active;
    const domain = parts();
    let wrapped = callback;
    for (const part of [...domain].reverse()) {
      const inner = wrapped;
      if (part === handoff) {
        wrapped = (value) => inContext(captured, () => inner(value));
      } else {
        // Reason for the cast: what the hook is for decides what the callback takes.
        const wrapBy = part[hook(part)] as ((callback: Callback) => Callback) | undefined;
        wrapped = wrapBy?.(inner) ?? inner;
      }
    }
    return (value) => inDomain(domain, () => tellErrors(domain, () => wrapped(value)));
  }

  const host: Kind['host'] = {
    queueJob(job) {
      jobs.push(job);
    },
    snapshot() {
      const captured = restoresContext ? active : root;
      return (job) => inContext(captured, job);
    },
    trackRejection(promise, operation) {
      if (operation === 'reject') unhandled.add(promise);
      else unhandled.delete(promise);
    },
  };

  const domainKind: Kind = {
    host,
    captureThen: (onFulfilled, onRejected) => [
      onFulfilled && capture(onFulfilled, () => 'wrapOnFulfilled'),
      onRejected && capture(onRejected, () => 'wrapOnRejected'),
    ],
    captureFinally(onFinally) {
      if (parts().some((part) => part !== handoff && part.wrapOnFinally)) {
        const both = capture(onFinally, (part) => (part.wrapOnFinally ? 'wrapOnFinally' : 'wrapOnFulfilled'));
        return [() => both(undefined), () => both(undefined)];
      }
      const [onFulfilled, onRejected] = this.captureThen(onFinally, onFinally);
      return [() => onFulfilled?.(undefined), () => onRejected?.(undefined)];
    },
  };

  const nativeKind: Kind = {
    host,
    captureThen: (onFulfilled, onRejected) => [onFulfilled, onRejected],
    captureFinally: (onFinally) => [onFinally, onFinally],
  };

  const rejected = (reason: unknown) => new SpecPromise(nativeKind, (_resolve, reject) => reject(reason));

  return {
    active: () => active,
    parts,
    inContext,
    inDomain,
    localDomain,
    tellErrors,
    queueJob: host.queueJob,
    domainKind,
    nativePromise: (isRejected: boolean, value: unknown) =>
      isRejected ? rejected(value) : promiseResolve(nativeKind, value),
    /** Runs all jobs, and returns the promises whose rejection nobody handled. */
    runJobs(): SpecPromise[] {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        current = undefined;
        job();
      }
      return [...unhandled];
    },
  };
}
