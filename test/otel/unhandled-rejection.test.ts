import type { Tracer } from '@opentelemetry/api';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  DomainPromise,
  localOtelPromiseDomain,
  observePromiseDomains,
  type PromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
  withPromiseDomain,
} from '../../src/index.js';
import { registrations } from '../support/registrations.js';
import { chains, fail } from '../support/rejected-chains.js';
import { allJobsDone, collectUnhandledRejections } from '../support/unhandled-rejections.js';

const everyHook: PromiseDomain = {
  wrapOnFulfilled: (callback) => (value) => callback(value),
  wrapOnRejected: (callback) => (reason) => callback(reason),
  wrapOnFinally: (callback) => () => callback(),
  wrapSync: (fn) => fn(),
  onError() {},
};

type Surroundings = <R>(fn: () => R) => R;

const surroundings: readonly [name: string, run: Surroundings][] = [
  ['outside of a domain', (fn) => fn()],
  ['in the handoff domain', withOtelPromiseDomain],
  ['in a composed domain', (fn) => withOtelPromiseDomain(() => withPromiseDomain(everyHook, fn))],
  [
    'in a local domain',
    (fn) => {
      const local = localOtelPromiseDomain();
      try {
        return fn();
      } finally {
        local[Symbol.dispose]();
      }
    },
  ],
  [
    'under observation',
    (fn) => {
      onTestFinished(observePromiseDomains(() => {}));
      return withOtelPromiseDomain(fn);
    },
  ],
];

const handlers: readonly [name: string, handle: (promise: PromiseLike<unknown>) => unknown][] = [
  ['catch()', (promise) => DomainPromise.from(promise).catch(() => {})],
  ['then()', (promise) => promise.then(undefined, () => {})],
  [
    'finally() and catch()',
    (promise) =>
      DomainPromise.from(promise)
        .finally(() => {})
        .catch(() => {}),
  ],
  [
    'a later catch()',
    (promise) =>
      DomainPromise.from(promise)
        .then(() => {})
        .then(() => {})
        .catch(() => {}),
  ],
  ['allSettled()', (promise) => Promise.allSettled([promise])],
  [
    'await',
    async (promise) => {
      try {
        await promise;
      } catch {}
    },
  ],
];

const cases = surroundings.flatMap(([where, run]) =>
  chains.map(([name, chain]) => ({
    name,
    where,
    make: (error: Error, tracer: Tracer) => run(() => chain(error, tracer)),
  })),
);

describe.each(registrations)('unhandled rejections under the %s', (_name, startTracing) => {
  test.each(cases)(
    '$name $where: told of once with its reason, and never where it is handled',
    async ({ make }) => {
      const { tracer } = startTracing();
      const unhandled = collectUnhandledRejections();
      const error = new Error('original');
      void make(error, tracer);
      await allJobsDone();
      expect(unhandled).toEqual([error]);
      expect(unhandled[0]).toBe(error);
      for (const [how, handle] of handlers) {
        handle(make(new Error(how), tracer));
        await allJobsDone();
        expect(unhandled).toEqual([error]);
      }
    },
  );

  test('a handler inside fn or on what withOtelSpan() returns is enough, for each of its promises', async () => {
    const { tracer } = startTracing();
    const unhandled = collectUnhandledRejections();
    const error = new Error('original');
    const recovered = withOtelSpan('op', { tracer }, () =>
      DomainPromise.reject(error).catch(() => 'recovered'),
    );
    expect(await recovered).toBe('recovered');
    const rejected = DomainPromise.reject(error);
    await expect(withOtelSpan('op', { tracer }, () => rejected)).rejects.toBe(error);
    await allJobsDone();
    expect(unhandled).toEqual([]);
  });

  test('each branch that nobody handles is told of, as with native promises', async () => {
    const { tracer } = startTracing();
    const unhandled = collectUnhandledRejections();
    const branch = (promise: Promise<unknown>) => {
      void promise.then(() => {});
      void promise.finally(() => {});
      promise.catch(() => {});
    };
    const native = new Error('native');
    branch(Promise.reject(native));
    await allJobsDone();
    expect(unhandled).toEqual([native, native]);
    const error = new Error('original');
    branch(withOtelSpan('op', { tracer }, () => DomainPromise.reject(error)));
    await allJobsDone();
    expect(unhandled.slice(2)).toEqual([error, error]);
  });

  test('an error that fn throws is thrown and nothing else', async () => {
    const { tracer } = startTracing();
    const unhandled = collectUnhandledRejections();
    const error = new Error('original');
    expect(() => withOtelSpan('op', { tracer }, fail(error))).toThrow(error);
    expect(() => withOtelPromiseDomain(fail(error))).toThrow(error);
    expect(() => withPromiseDomain(everyHook, fail(error))).toThrow(error);
    await allJobsDone();
    expect(unhandled).toEqual([]);
  });

  test('what onError or an observer throws is told of beside the reason, which stays what it is', async () => {
    const { tracer } = startTracing();
    const unhandled = collectUnhandledRejections();
    const error = new Error('original');
    const result = withPromiseDomain({ onError: fail(new Error('of onError')) }, () =>
      withOtelSpan('op', { tracer }, () => DomainPromise.resolve().then(fail(error))),
    );
    await expect(result).rejects.toBe(error);
    await allJobsDone();
    expect(unhandled).toEqual([new Error('of onError')]);
    const stop = observePromiseDomains(fail(new Error('of an observer')));
    expect(await DomainPromise.resolve(1).then((value) => value)).toBe(1);
    stop();
    await allJobsDone();
    expect(new Set(unhandled.slice(1).map(String))).toEqual(new Set(['Error: of an observer']));
  });
});
