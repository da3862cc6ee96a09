import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { surroundings } from '../support/surroundings.js';
import { thenable } from '../support/thenables.js';

const reason = new RangeError('reason');
const other = new RangeError('other');
const combinators = ['all', 'allSettled', 'any', 'race'] as const;

const fulfilled = (value: unknown) => ({ status: 'fulfilled', value });
const rejected = (why: unknown) => ({ status: 'rejected', reason: why });
const failing = (...errors: unknown[]) =>
  rejected(expect.objectContaining({ name: 'AggregateError', errors, constructor: AggregateError }));

function combine(method: (typeof combinators)[number], values: Iterable<unknown>): DomainPromise<unknown> {
  return Reflect.apply(DomainPromise[method], DomainPromise, [values]);
}

async function outcomeOf(promise: PromiseLike<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome;
}

type Case = readonly [
  what: string,
  make: () => Iterable<unknown>,
  outcomes: Record<Exclude<(typeof combinators)[number], 'race'>, unknown>,
  raced: unknown,
];

/** Each with the outcome by each combinator; `race` has none where the list is empty. */
const cases: readonly Case[] = [
  ['nothing', () => [], { all: fulfilled([]), allSettled: fulfilled([]), any: failing() }, undefined],
  ['an empty string', () => '', { all: fulfilled([]), allSettled: fulfilled([]), any: failing() }, undefined],
  [
    'values',
    () => [1, undefined, 'three'],
    {
      all: fulfilled([1, undefined, 'three']),
      allSettled: fulfilled([fulfilled(1), fulfilled(undefined), fulfilled('three')]),
      any: fulfilled(1),
    },
    fulfilled(1),
  ],
  [
    'a string',
    () => 'ab',
    {
      all: fulfilled(['a', 'b']),
      allSettled: fulfilled([fulfilled('a'), fulfilled('b')]),
      any: fulfilled('a'),
    },
    fulfilled('a'),
  ],
  [
    'a Set of promises of every kind',
    () => new Set([DomainPromise.resolve(1), Promise.resolve(2), thenable((f) => f(3))]),
    {
      all: fulfilled([1, 2, 3]),
      allSettled: fulfilled([fulfilled(1), fulfilled(2), fulfilled(3)]),
      any: fulfilled(1),
    },
    fulfilled(1),
  ],
  [
    'promises that settle out of order',
    () => [DomainPromise.resolve().then(() => 'late'), DomainPromise.resolve('early')],
    {
      all: fulfilled(['late', 'early']),
      allSettled: fulfilled([fulfilled('late'), fulfilled('early')]),
      any: fulfilled('early'),
    },
    fulfilled('early'),
  ],
  [
    'a rejection among values',
    () => [DomainPromise.resolve().then(() => 1), DomainPromise.reject(reason), 3],
    {
      all: rejected(reason),
      allSettled: fulfilled([fulfilled(1), rejected(reason), fulfilled(3)]),
      any: fulfilled(3),
    },
    rejected(reason),
  ],
  [
    'rejections only',
    () => [DomainPromise.resolve().then(() => Promise.reject(other)), DomainPromise.reject(reason)],
    {
      all: rejected(reason),
      allSettled: fulfilled([rejected(other), rejected(reason)]),
      any: failing(other, reason),
    },
    rejected(reason),
  ],
  [
    'a thenable that throws',
    () => [
      thenable(() => {
        throw reason;
      }),
    ],
    {
      all: rejected(reason),
      allSettled: fulfilled([rejected(reason)]),
      any: failing(reason),
    },
    rejected(reason),
  ],
  [
    'an object whose then throws when it is read',
    () => [
      Object.defineProperty({}, 'then', {
        get() {
          throw reason;
        },
      }),
    ],
    {
      all: rejected(reason),
      allSettled: fulfilled([rejected(reason)]),
      any: failing(reason),
    },
    rejected(reason),
  ],
  [
    'a thenable that fulfils, and then rejects and throws',
    () => [
      thenable((fulfil, reject) => {
        fulfil(1);
        reject(reason);
        throw reason;
      }),
    ],
    { all: fulfilled([1]), allSettled: fulfilled([fulfilled(1)]), any: fulfilled(1) },
    fulfilled(1),
  ],
  [
    'one that never settles beside one that rejects and one that fulfils',
    () => [new DomainPromise(() => {}), DomainPromise.reject(reason), DomainPromise.resolve(2)],
    { all: rejected(reason), allSettled: undefined, any: fulfilled(2) },
    rejected(reason),
  ],
];

/** What `promise` is settled with once all jobs are done, `undefined` if it is still pending. */
function outcomeSoon(promise: PromiseLike<unknown>): Promise<unknown> {
  return Promise.race([outcomeOf(promise), new Promise((resolve) => setImmediate(resolve, undefined))]);
}

describe.each(surroundings)('%s', (_name, enter) => {
  describe.each(combinators)('DomainPromise.%s', (method) => {
    test.each(cases)('of %s', async (_what, make, outcomes, raced) => {
      const promise = enter(() => combine(method, make()));
      expect(Object.getPrototypeOf(promise)).toBe(DomainPromise.prototype);
      expect(await outcomeSoon(promise)).toEqual(method === 'race' ? raced : outcomes[method]);
    });

    test('is settled in a later job', async () => {
      const log: string[] = [];
      const promise = enter(() => combine(method, [1]).then(() => log.push('settled')));
      log.push('returned');
      await promise;
      expect(log).toEqual(['returned', 'settled']);
    });
  });
});
