import type { PromiseDomain } from '../../src/index.js';
import { handoff, modelScene, type Part } from './model-scene.js';
import * as combinators from './spec-combinators.js';
import { promiseResolve, SpecPromise, thenOf } from './spec-promise.js';
import { type World, words } from './world.js';

/*
 * Who is active in each callback.
 *
 * Promises and their jobs are those of ECMA-262 (`spec-promise.ts`, `spec-combinators.ts`). A job starts with the root
 * context active and no domain current. A domain is a list of parts, the outermost first; the handoff is one part.
 * - `then()`, `catch()` and `finally()` capture the current domain and the active context. The callback runs with that
 *   domain current. From the handoff part inwards the captured context is active; outwards of it, what the context
 *   manager has active: the captured context if it restores that by itself, else the root context.
 * - The other parts wrap the callback by their hooks, the innermost first, and are told of what it throws.
 * - Installing a domain adds its parts innermost, or replaces all parts. A second handoff is not added: the body simply
 *   runs, or, for a local one, what is current is installed again.
 * - Leaving an installation brings back what was current before it. A local domain that is disposed underneath another
 *   leaves together with that one. What a job has not disposed is gone in the next.
 * - A span is active in the body that it was started for. It ends when the body ends, or when what the body returned
 *   settles, before any callback of the returned promise; a failure goes into it before.
 * - Where tracing is suppressed there is no span, and the result of the body is returned as it is.
 */

interface Context {
  readonly span?: Span;
  readonly baggage?: string;
  readonly suppressed?: boolean;
}

interface Span {
  readonly name: string;
  end(): void;
  fail(reason: unknown): never;
}

export interface ModelWorld extends World<SpecPromise> {
  /** Runs all jobs, then logs the rejections that nobody handled. */
  finish(): void;
}

export function modelWorld(log: (line: string) => void, manager: { restoresContext: boolean }): ModelWorld {
  const root: Context = {};
  const scene = modelScene(root, manager);
  const { domainKind: kind, inContext, inDomain } = scene;

  const hasHandoff = () => scene.parts().includes(handoff);
  const withHandoff = (): readonly Part[] => (hasHandoff() ? scene.parts() : [...scene.parts(), handoff]);
  const withParts = (domains: PromiseDomain[], replace: boolean): readonly Part[] =>
    replace ? domains : [...scene.parts(), ...domains];
  const inHandoff = (fn: () => unknown) => (hasHandoff() ? fn() : inDomain(withHandoff(), fn));

  function startSpan(name: string, recordErrors: boolean): Span {
    let ended = false;
    let message: string | undefined;
    let exceptions = 0;
    const end = () => {
      if (!ended) log(words.spanEnds(name, message, exceptions));
      ended = true;
    };
    log(words.spanStarts(name, scene.active().span?.name));
    return {
      name,
      end,
      fail(reason) {
        if (recordErrors) {
          if (reason instanceof Error) exceptions += 1;
          message = reason instanceof Error ? reason.message : String(reason);
        }
        end();
        throw reason;
      },
    };
  }

  /** A promise that follows a thenable, whose `then` is called at once; `undefined` if `value` is none. */
  function follow(value: unknown): SpecPromise | undefined {
    if (isPromise(value)) return value;
    const then = thenOf(value);
    return then && new SpecPromise(kind, (resolve, reject) => then.call(value, resolve, reject));
  }

  function endWithBody(span: Span, body: () => unknown): unknown {
    let result: unknown;
    try {
      result = body();
    } catch (error) {
      return span.fail(error);
    }
    const endAndPassOn = (value: unknown) => {
      span.end();
      return value;
    };
    return follow(result)?.performThen(endAndPassOn, span.fail) ?? endAndPassOn(result);
  }

  const isPromise = (value: unknown): value is SpecPromise =>
    value instanceof SpecPromise && value.kind === kind;

  return {
    isPromise,
    log,
    nativePromise: scene.nativePromise,
    queueJob: scene.queueJob,
    promises: {
      resolve: (value) => promiseResolve(kind, value),
      reject: (reason) => new SpecPromise(kind, (_resolve, reject) => reject(reason)),
      from: (value) => follow(value) ?? promiseResolve(kind, value),
      withResolvers() {
        let resolve = (_value: unknown) => {};
        let reject = resolve;
        const promise = new SpecPromise(kind, (...functions) => {
          [resolve, reject] = functions;
        });
        return { promise, resolve, reject };
      },
      all: (values) => combinators.all(kind, values),
      allSettled: (values) => combinators.allSettled(kind, values),
      race: (values) => combinators.race(kind, values),
      any: (values) => combinators.any(kind, values),
    },
    withOtelSpan(name, { recordErrors }, fn) {
      const context = scene.active();
      if (context.suppressed) return inHandoff(() => fn(() => {}));
      const span = startSpan(name, recordErrors);
      return inHandoff(() => inContext({ ...context, span }, () => endWithBody(span, () => fn(span.end))));
    },
    childSpan(name) {
      if (!scene.active().suppressed) startSpan(name, false).end();
    },
    withContext(change, label, fn) {
      if (change === 'root context') return inContext(root, fn);
      const changed = change === 'baggage' ? { baggage: label } : { suppressed: true };
      return inContext({ ...scene.active(), ...changed }, fn);
    },
    withOtelPromiseDomain: inHandoff,
    localOtelPromiseDomain: () => scene.localDomain(withHandoff()),
    withPromiseDomain: (domains, fn, replace) =>
      inDomain(withParts(domains, replace), () =>
        scene.tellErrors(domains, () =>
          domains.reduceRight<() => unknown>(
            (inner, domain) => () => (domain.wrapSync ? domain.wrapSync(inner) : inner()),
            fn,
          )(),
        ),
      ),
    localPromiseDomain: (domains, replace) => scene.localDomain(withParts(domains, replace)),
    withoutPromiseDomain: (fn) => inDomain([], fn),
    look() {
      const { span, baggage } = scene.active();
      const domain = hasHandoff() ? 'handoff' : scene.parts().length > 0 ? 'other' : 'none';
      return words.state(span?.name, baggage, domain);
    },
    finish() {
      for (const promise of scene.runJobs()) log(words.unhandled(promise.value));
    },
  };
}
