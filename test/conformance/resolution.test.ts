import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { surroundings } from '../support/surroundings.js';
import { thenable } from '../support/thenables.js';

const reason = new RangeError('reason');
const object = { an: 'object' };
const fulfilledWith = (value: unknown): PromiseSettledResult<unknown> => ({ status: 'fulfilled', value });
const rejectedWith = (reason: unknown): PromiseSettledResult<unknown> => ({ status: 'rejected', reason });
const late = () => Promise.resolve().then(() => {});

type Resolution = readonly [name: string, make: () => unknown, outcome: PromiseSettledResult<unknown>];

/** What a promise can be resolved with, and how it is settled by that. */
const resolutions: readonly Resolution[] = [
  ...[undefined, null, false, 1, 'text', Symbol('s'), 1n].map(
    (value): Resolution => [`the value ${String(value)}`, () => value, fulfilledWith(value)],
  ),
  ['an object', () => object, fulfilledWith(object)],
  ...[undefined, null, 1, 'text', {}, Symbol('s')].map((then): Resolution => {
    const value = { then };
    return [`an object whose then is ${String(then)}`, () => value, fulfilledWith(value)];
  }),
  ['a thenable that fulfils', () => thenable((fulfil) => fulfil(object)), fulfilledWith(object)],
  ['a thenable that rejects', () => thenable((_, reject) => reject(reason)), rejectedWith(reason)],
  ['a thenable that does so later', () => thenable((f) => void late().then(() => f(1))), fulfilledWith(1)],
  [
    'a thenable that calls back with all it has',
    () =>
      thenable((fulfil, reject) => {
        fulfil(1);
        fulfil(2);
        reject(reason);
        throw reason;
      }),
    fulfilledWith(1),
  ],
  [
    'a thenable that fulfils with one that is pending, then throws',
    () =>
      thenable((fulfil) => {
        fulfil(thenable((inner) => void late().then(() => inner(1))));
        throw reason;
      }),
    fulfilledWith(1),
  ],
  [
    'a thenable that throws',
    () =>
      thenable(() => {
        throw reason;
      }),
    rejectedWith(reason),
  ],
  [
    'an object whose then throws when it is read',
    () =>
      Object.defineProperty({}, 'then', {
        get() {
          throw reason;
        },
      }),
    rejectedWith(reason),
  ],
  ['a thenable of thenables', () => thenable((f) => f(thenable((g) => g(1)))), fulfilledWith(1)],
  [
    'a function with a then',
    () =>
      Object.assign(
        () => {},
        thenable((f) => f(1)),
      ),
    fulfilledWith(1),
  ],
  ['a fulfilled native promise', () => Promise.resolve(1), fulfilledWith(1)],
  ['a rejected native promise', () => Promise.reject(reason), rejectedWith(reason)],
  ['a fulfilled domain promise', () => DomainPromise.resolve(1), fulfilledWith(1)],
  ['a rejected domain promise', () => DomainPromise.reject(reason), rejectedWith(reason)],
  [
    'a pending domain promise',
    () => new DomainPromise((f) => void late().then(() => f(1))),
    fulfilledWith(1),
  ],
];

/** The ways in which a promise comes to be resolved with a value. */
const routes: readonly [name: string, resolve: (value: unknown) => DomainPromise<unknown>][] = [
  ['the executor', (value) => new DomainPromise((resolve) => resolve(value))],
  ['the executor, later', (value) => new DomainPromise((resolve) => void late().then(() => resolve(value)))],
  ['DomainPromise.resolve', (value) => DomainPromise.resolve(value)],
  ['DomainPromise.from', (value) => DomainPromise.from(value)],
  [
    'withResolvers',
    (value) => {
      const { promise, resolve } = DomainPromise.withResolvers<unknown>();
      resolve(value);
      return promise;
    },
  ],
  ['a callback of then()', (value) => DomainPromise.resolve().then(() => value)],
  ['a callback of a pending then()', (value) => DomainPromise.resolve(late()).then(() => value)],
  ['a callback of catch()', (value) => DomainPromise.reject().catch(() => value)],
  [
    'a callback of a pending catch()',
    (value) => new DomainPromise((_, reject) => void late().then(reject)).catch(() => value),
  ],
];

async function outcomeOf(promise: PromiseLike<unknown>): Promise<PromiseSettledResult<unknown> | undefined> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome;
}

describe.each(surroundings)('resolution %s', (_name, enter) => {
  describe.each(routes)('by %s', (_route, resolve) => {
    test.each(resolutions)('with %s settles as the specification says', async (_value, make, outcome) => {
      const promise = enter(() => resolve(make()));
      expect(promise).toBeInstanceOf(DomainPromise);
      const got = await outcomeOf(promise);
      expect(got).toEqual(outcome);
      // Equal is not enough for an object: what comes out is what went in.
      if (outcome.status === 'fulfilled' && got?.status === 'fulfilled')
        expect(got.value).toBe(outcome.value);
    });
  });

  test('with the promise itself rejects with a TypeError', async () => {
    const promise: DomainPromise<unknown> = enter(() => DomainPromise.resolve().then(() => promise));
    const { promise: own, resolve } = DomainPromise.withResolvers<unknown>();
    enter(() => resolve(own));
    for (const it of [promise, own])
      expect(await outcomeOf(it)).toMatchObject({ status: 'rejected', reason: expect.any(TypeError) });
  });
});

describe('a thenable', () => {
  test.each(routes)(
    'that comes by %s has its then read once and called as its method',
    async (_route, resolve) => {
      let reads = 0;
      const calls: unknown[] = [];
      const value = Object.defineProperty({}, 'then', {
        get() {
          reads += 1;
          return function (this: unknown, ...args: ((value: unknown) => void)[]) {
            calls.push(this, args.length);
            args[0]?.('done');
          };
        },
      });
      expect(await resolve(value)).toBe('done');
      expect(reads).toBe(1);
      expect(calls).toEqual([value, 2]);
      expect(calls[0]).toBe(value);
    },
  );

  test('that is a domain promise with a then of its own is adopted by that', async () => {
    const promise = Object.defineProperty(DomainPromise.resolve('inner'), 'then', {
      value: (fulfil: (value: string) => void) => fulfil('outer'),
    });
    expect(await new DomainPromise((resolve) => resolve(promise))).toBe('outer');
  });

  test('as a reason is passed on as it is', async () => {
    const value = thenable((fulfil) => fulfil('never called'));
    expect(await outcomeOf(DomainPromise.reject(value))).toEqual(rejectedWith(value));
    expect(await outcomeOf(new DomainPromise((_, reject) => reject(value)))).toEqual(rejectedWith(value));
  });
});
