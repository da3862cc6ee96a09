import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  type PromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { surroundings } from '../support/surroundings.js';

const reason = new RangeError('reason');
const value = { a: 'value' };

const settlements: readonly [name: string, make: () => DomainPromise<unknown>][] = [
  ['fulfilled', () => DomainPromise.resolve(value)],
  ['rejected', () => DomainPromise.reject(reason)],
  ['later fulfilled', () => DomainPromise.resolve().then(() => value)],
  ['later rejected', () => DomainPromise.resolve().then(() => Promise.reject(reason))],
];

/** What a promise is settled with, as one string or object. */
async function outcomeOf(promise: PromiseLike<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome?.status === 'fulfilled' ? outcome.value : outcome?.reason;
}

describe.each(surroundings)('finally() %s', (name, enter) => {
  describe.each(settlements)('of a %s promise', (state, make) => {
    const own = state.endsWith('fulfilled') ? value : reason;

    test('calls back once, with nothing, as a plain function', async () => {
      const calls: unknown[] = [];
      const derived = enter(() =>
        make().finally(function (this: unknown, ...args: unknown[]) {
          calls.push(this, args);
        }),
      );
      expect(derived).toBeInstanceOf(DomainPromise);
      expect(await outcomeOf(derived)).toBe(own);
      expect(calls).toEqual([undefined, []]);
    });

    test.each([
      ['a value', () => 'ignored'],
      ['a promise', () => DomainPromise.resolve('ignored')],
      ['a thenable', () => ({ then: (fulfil: (value: string) => void) => fulfil('ignored') })],
    ])('ignores %s that the callback returns', async (_what, callback) => {
      expect(await outcomeOf(enter(() => make().finally(callback)))).toBe(own);
    });

    test('waits for what the callback returns', async () => {
      const log: string[] = [];
      const { promise, resolve } = DomainPromise.withResolvers<void>();
      const derived = enter(() => make().finally(() => promise));
      const done = outcomeOf(derived).then(() => log.push('settled'));
      setImmediate(() => {
        log.push('resolve');
        resolve();
      });
      await done;
      expect(log).toEqual(['resolve', 'settled']);
    });

    test.each([
      [
        'throws',
        () => {
          throw 'from the callback';
        },
      ],
      ['returns rejected', () => Promise.reject('from the callback')],
    ])('rejects with what the callback %s', async (_what, callback) => {
      expect(await outcomeOf(enter(() => make().finally(callback)))).toBe('from the callback');
    });

    test.each([undefined, null, 1, 'text', {}])('passes on for want of a function: %o', async (given) => {
      const derived = enter(() => Reflect.apply(DomainPromise.prototype.finally, make(), [given]));
      expect(await outcomeOf(derived)).toBe(own);
    });
  });

  test('makes a promise of what the callback returns by the resolve of its species', async () => {
    class Own<T> extends DomainPromise<T> {}
    const thens: unknown[] = [];
    const returned = Object.defineProperty(Own.resolve('returned'), 'then', {
      value(...args: unknown[]) {
        thens.push(args.length);
        return Reflect.apply(DomainPromise.prototype.then, this, args);
      },
    });
    expect(await enter(() => Own.resolve(value).finally(() => returned))).toBe(value);
    expect(thens).toEqual([1]);
  });

  test('throws what the species constructor throws, and leaves then() as it was', async () => {
    let refusing = true;
    const promise = Object.defineProperty(DomainPromise.resolve(), 'constructor', {
      get() {
        if (refusing) throw reason;
        return DomainPromise;
      },
    });
    const domains = enter(() => {
      expect(() => promise.finally(() => {})).toThrow(reason);
      refusing = false;
      return promise.then(() => [currentPromiseDomain()]);
    });
    const [domain] = await domains;
    expect(domain === undefined).toBe(name === 'outside any domain');
  });
});

test('a subclass whose then() uses finally() itself has its own finally() captured once', async () => {
  const log: unknown[] = [];
  const domain: PromiseDomain = {
    wrapOnFulfilled: (callback) => (value) => {
      log.push('fulfilled');
      return callback(value);
    },
    wrapOnRejected: (callback) => (why) => {
      log.push('rejected');
      return callback(why);
    },
    onError: (error) => log.push(error),
  };
  class Busy<T> extends DomainPromise<T> {
    override then: DomainPromise<T>['then'] = (onFulfilled, onRejected) => {
      void DomainPromise.resolve().finally(() => {});
      return super.then(onFulfilled, onRejected);
    };
  }
  const derived = withPromiseDomain(domain, () => Busy.reject(reason).finally(() => log.push('finally')));
  expect(await outcomeOf(derived)).toBe(reason);
  expect(log.filter((entry) => entry !== 'fulfilled')).toEqual(['rejected', 'finally']);
});
