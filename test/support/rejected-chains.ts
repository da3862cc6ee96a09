import type { Tracer } from '@opentelemetry/api';
import Bluebird from 'bluebird';
import { DomainPromise, withOtelSpan } from '../../src/index.js';
import { LazyPromise, thenable } from './thenables.js';

type Chain = (error: Error, tracer: Tracer) => PromiseLike<unknown>;

/** A function that throws `error`. */
export const fail = (error: Error) => () => {
  throw error;
};

/** Chains that are rejected with `error`. */
export const chains: readonly [name: string, chain: Chain][] = [
  ['reject()', (error) => DomainPromise.reject(error)],
  ['an executor that throws', (error) => new DomainPromise(fail(error))],
  ['a callback that throws', (error) => DomainPromise.resolve().then(fail(error))],
  [
    'a callback that returns a rejected native promise',
    (error) => DomainPromise.resolve().then(() => Promise.reject(error)),
  ],
  [
    'a callback that returns a rejected domain promise',
    (error) => DomainPromise.resolve().then(() => DomainPromise.reject(error)),
  ],
  [
    'a rejection passed through then() and finally()',
    (error) =>
      DomainPromise.reject(error)
        .then(() => {})
        .finally(() => {})
        .then(),
  ],
  [
    'a callback of catch() that rethrows',
    (error) => DomainPromise.reject(new Error('first')).catch(fail(error)),
  ],
  [
    'a callback of finally() that throws',
    (error) => DomainPromise.reject(new Error('first')).finally(fail(error)),
  ],
  [
    'a callback of finally() that returns a rejected promise',
    (error) => DomainPromise.resolve().finally(() => Promise.reject(error)),
  ],
  [
    'all()',
    (error) => DomainPromise.all([DomainPromise.reject(error), Promise.reject(new Error('second')), 3]),
  ],
  [
    'race()',
    (error) => DomainPromise.race([DomainPromise.reject(error), Promise.reject(new Error('second'))]),
  ],
  ['from() a native promise', (error) => DomainPromise.from(Promise.reject(error))],
  ['from() a domain promise', (error) => DomainPromise.from(DomainPromise.reject(error))],
  ['from() a promise of bluebird', (error) => DomainPromise.from(Bluebird.reject(error))],
  ['from() a lazy promise', (error) => DomainPromise.from(new LazyPromise(() => Promise.reject(error)))],
  ['from() a thenable', (error) => DomainPromise.from(thenable((_, reject) => reject(error)))],
  ['from() a thenable that throws', (error) => DomainPromise.from(thenable(fail(error)))],
  [
    'withOtelSpan() with a native promise',
    (error, tracer) => withOtelSpan('op', { tracer }, () => Promise.reject(error)),
  ],
  [
    'withOtelSpan() with an async function',
    (error, tracer) =>
      withOtelSpan('op', { tracer }, async () => {
        await null;
        throw error;
      }),
  ],
  [
    'withOtelSpan() with a domain promise',
    (error, tracer) => withOtelSpan('op', { tracer }, () => DomainPromise.reject(error)),
  ],
  [
    'withOtelSpan() with a thenable',
    (error, tracer) => withOtelSpan('op', { tracer }, () => thenable((_, reject) => reject(error))),
  ],
  [
    'withOtelSpan() with a thenable that throws',
    (error, tracer) => withOtelSpan('op', { tracer }, () => thenable(fail(error))),
  ],
  [
    'withOtelSpan() in another',
    (error, tracer) =>
      withOtelSpan('outer', { tracer }, () =>
        withOtelSpan('op', { tracer }, () => Promise.reject(error)).finally(() => {}),
      ),
  ],
  [
    'a step of an async generator',
    (error, tracer) =>
      withOtelSpan('op', { tracer }, async function* () {
        yield Promise.reject(error);
      }).next(),
  ],
];
