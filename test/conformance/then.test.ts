import { describe, expect, test } from 'vitest';
import { currentPromiseDomain, DomainPromise, type DomainPromiseResolvers } from '../../src/index.js';
import { surroundings } from '../support/surroundings.js';

const reason = new RangeError('reason');
const pending = <T>(settle: (resolvers: DomainPromiseResolvers<T>) => void): DomainPromise<T> => {
  const resolvers = DomainPromise.withResolvers<T>();
  queueMicrotask(() => settle(resolvers));
  return resolvers.promise;
};

const fulfilled: readonly [name: string, make: (value: unknown) => DomainPromise<unknown>][] = [
  ['a fulfilled promise', (value) => DomainPromise.resolve(value)],
  ['a promise fulfilled later', (value) => pending(({ resolve }) => resolve(value))],
];
const rejected: readonly [name: string, make: (reason: unknown) => DomainPromise<unknown>][] = [
  ['a rejected promise', (reason) => DomainPromise.reject(reason)],
  ['a promise rejected later', (reason) => pending(({ reject }) => reject(reason))],
];
const notFunctions = [undefined, null, 0, 'text', true, Symbol('s'), {}];

/** `then` with arguments of any kind. */
function thenWith(promise: object, ...callbacks: unknown[]): DomainPromise<unknown> {
  return Reflect.apply(DomainPromise.prototype.then, promise, callbacks);
}

describe.each(surroundings)('then() %s', (name, enter) => {
  test.each([
    ['onFulfilled', (then: () => unknown) => DomainPromise.resolve().then(then)],
    ['onRejected', (then: () => unknown) => DomainPromise.reject().then(undefined, then)],
  ])(`calls %s back ${name}, and leaves nothing behind`, async (_callback, run) => {
    const domains: unknown[] = [];
    await enter(() => {
      const note = () => domains.push(currentPromiseDomain());
      note();
      return run(note);
    });
    const [before, during] = domains;
    expect(domains).toHaveLength(2);
    expect(during).toBe(before);
    expect(during === undefined).toBe(name === 'outside any domain');
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('returns another domain promise, which is pending until a later job', async () => {
    const log: string[] = [];
    await enter(() => {
      const promise = DomainPromise.resolve();
      const derived = promise.then(() => log.push('called'));
      expect(derived).toBeInstanceOf(DomainPromise);
      expect(derived).not.toBe(promise);
      log.push('then() has returned');
      return derived;
    });
    expect(log).toEqual(['then() has returned', 'called']);
  });

  describe.each(fulfilled)('of %s', (_state, make) => {
    test('calls onFulfilled once, as a plain function, with the value alone, and never onRejected', async () => {
      const calls: unknown[] = [];
      await enter(() =>
        make('value').then(
          function (this: unknown, ...args) {
            calls.push(this, args);
          },
          () => calls.push('rejected'),
        ),
      );
      expect(calls).toEqual([undefined, ['value']]);
    });

    test.each(notFunctions)('passes the value on for want of a function: %o', async (given) => {
      const value = { an: 'object' };
      const derived = enter(() => thenWith(make(value), given, () => 'rejected'));
      expect(await derived).toBe(value);
    });

    test('rejects what it returned with what onFulfilled throws', async () => {
      const derived = enter(() =>
        make('value').then(
          () => {
            throw reason;
          },
          () => 'not for an error of the other callback',
        ),
      );
      await expect(derived).rejects.toBe(reason);
    });
  });

  describe.each(rejected)('of %s', (_state, make) => {
    test('calls onRejected once, as a plain function, with the reason alone, and never onFulfilled', async () => {
      const calls: unknown[] = [];
      const derived = enter(() =>
        make(reason).then(
          () => calls.push('fulfilled'),
          function (this: unknown, ...args) {
            calls.push(this, args);
            return 'recovered';
          },
        ),
      );
      expect(await derived).toBe('recovered');
      expect(calls).toEqual([undefined, [reason]]);
    });

    test.each(notFunctions)('passes the reason on for want of a function: %o', async (given) => {
      const derived = enter(() => thenWith(make(reason), () => 'fulfilled', given));
      await expect(derived).rejects.toBe(reason);
    });

    test('rejects what it returned with what onRejected throws', async () => {
      const derived = enter(() =>
        make('first').then(undefined, () => {
          throw reason;
        }),
      );
      await expect(derived).rejects.toBe(reason);
    });
  });

  test('calls the callbacks of several calls in their order, whatever one of them throws', async () => {
    const calls: number[] = [];
    const promise = pending<void>(({ resolve }) => resolve());
    const all = enter(() =>
      [1, 2, 3].map((n) =>
        promise.then(() => {
          calls.push(n);
          if (n === 2) throw reason;
        }),
      ),
    );
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(calls).toEqual([1, 2, 3]);
  });

  test('called in a callback of the same promise calls back after the callbacks that were there', async () => {
    const calls: string[] = [];
    const promise = DomainPromise.resolve();
    const both = enter(() => {
      const first = promise.then(() => {
        calls.push('first');
        return promise.then(() => calls.push('inner'));
      });
      return [first, promise.then(() => calls.push('second'))];
    });
    await Promise.all(both);
    expect(calls).toEqual(['first', 'second', 'inner']);
  });

  test.each([undefined, null, 1, {}, () => {}, { then() {} }])('refuses to be called on %o', (receiver) => {
    // Reason for the cast: the receiver is what it is not to be.
    expect(() => enter(() => thenWith(receiver as object, () => {}))).toThrow(TypeError);
  });

  test('called on a native promise gives a native promise', async () => {
    const derived = enter(() => thenWith(Promise.resolve(1), (value: number) => value + 1));
    expect(Object.getPrototypeOf(derived)).toBe(Promise.prototype);
    expect(await derived).toBe(2);
  });
});
