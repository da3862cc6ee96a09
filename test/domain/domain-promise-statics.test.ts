import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  type PromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';

const domain: PromiseDomain = { name: 'domain' };
const nothing = () => {};

class Sub<T> extends DomainPromise<T> {}

describe('statics', () => {
  test.each([
    ['resolve', () => DomainPromise.resolve('value'), 'value'],
    ['all', () => DomainPromise.all([1, Promise.resolve(2), DomainPromise.resolve(3)]), [1, 2, 3]],
    ['allSettled', () => DomainPromise.allSettled([1]), [{ status: 'fulfilled', value: 1 }]],
    ['race', () => DomainPromise.race([new Promise(nothing), Promise.resolve(2)]), 2],
    ['any', () => DomainPromise.any([Promise.reject(1), 2]), 2],
  ])('%s() gives a DomainPromise', async (_name, make, value) => {
    const promise = make();
    expect(promise).toBeInstanceOf(DomainPromise);
    expect(await promise).toEqual(value);
  });

  test('reject() gives a DomainPromise', async () => {
    const promise = DomainPromise.reject('reason');
    expect(promise).toBeInstanceOf(DomainPromise);
    await expect(promise).rejects.toBe('reason');
  });

  test('resolve() returns a DomainPromise as it is, and follows any other', async () => {
    const promise = DomainPromise.resolve('value');
    expect(DomainPromise.resolve(promise)).toBe(promise);
    const followed = DomainPromise.resolve(Promise.resolve('native'));
    expect(followed).toBeInstanceOf(DomainPromise);
    expect(await followed).toBe('native');
    expect(Sub.resolve(promise)).toBeInstanceOf(Sub);
  });

  test.each([
    ['DomainPromise', DomainPromise],
    ['a subclass', Sub],
  ])(
    'withResolvers() of %s gives a pending promise and the functions that settle it',
    async (_name, Class) => {
      const first = Class.withResolvers<string>();
      const second = Class.withResolvers<string>();
      expect(Object.keys(first)).toEqual(['promise', 'resolve', 'reject']);
      expect(first.promise).toBeInstanceOf(Class);
      first.resolve('value');
      second.reject('reason');
      expect(await first.promise).toBe('value');
      await expect(second.promise).rejects.toBe('reason');
    },
  );
});

describe('DomainPromise.from()', () => {
  test('returns a DomainPromise, or one of a subclass, as it is', () => {
    const promise = DomainPromise.resolve();
    const sub = Sub.resolve();
    expect(DomainPromise.from(promise)).toBe(promise);
    expect(DomainPromise.from(sub)).toBe(sub);
    expect(Sub.from(promise)).toBe(promise);
  });

  test.each([[1], ['text'], [undefined], [null], [{}], [{ then: 'no function' }], [nothing]])(
    'fulfils with %o, which is no thenable',
    async (value) => {
      const promise = DomainPromise.from(value);
      expect(promise).toBeInstanceOf(DomainPromise);
      expect(await promise).toBe(value);
    },
  );

  test('follows a native promise', async () => {
    expect(await DomainPromise.from(Promise.resolve('value'))).toBe('value');
    await expect(DomainPromise.from(Promise.reject('reason'))).rejects.toBe('reason');
  });

  test('reads the then of a thenable once and calls it at once, as its method, with what is current', async () => {
    const seen: unknown[] = [];
    const thenable = {
      get then() {
        seen.push('read');
        return function (this: unknown, resolve: (value: string) => void) {
          seen.push(this === thenable, currentPromiseDomain());
          resolve('value');
        };
      },
    };
    // Reason for the cast: what its `then` returns is never looked at.
    const promise = withPromiseDomain(domain, () =>
      DomainPromise.from(thenable as unknown as PromiseLike<string>),
    );
    expect(seen).toEqual(['read', true, domain]);
    expect(await promise).toBe('value');
    expect(seen).toHaveLength(3);
  });

  test('follows what a thenable fulfils with, to the end', async () => {
    const thenable = {
      then: (resolve: (value: unknown) => void) =>
        resolve({ then: (inner: (value: string) => void) => inner('end') }),
    } as unknown as PromiseLike<unknown>; // cast: what its `then` returns is never looked at
    expect(await DomainPromise.from(thenable)).toBe('end');
  });

  test('never throws: what a thenable throws rejects the promise', async () => {
    const error = new Error('thrown');
    const throwing = () => {
      throw error;
    };
    // Reason for the casts: types cannot say that a member throws.
    const byCall = { then: throwing } as unknown as PromiseLike<unknown>;
    const byRead = Object.defineProperty({}, 'then', { get: throwing }) as PromiseLike<unknown>;
    await expect(DomainPromise.from(byCall)).rejects.toBe(error);
    await expect(DomainPromise.from(byRead)).rejects.toBe(error);
  });
});
