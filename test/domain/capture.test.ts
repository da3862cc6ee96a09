import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  type PromiseDomain,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { recordingDomain } from '../support/recording-domain.js';

const domain: PromiseDomain = { name: 'domain' };
const nothing = () => {};

type Attach = (promise: DomainPromise<unknown>, callback: () => unknown) => DomainPromise<unknown>;

/** Every way to give a callback to a promise that is settled so that the callback runs. */
const ways: [string, rejected: boolean, Attach][] = [
  ['then(f)', false, (promise, callback) => promise.then(callback)],
  ['then(f, r) of a fulfilled promise', false, (promise, callback) => promise.then(callback, nothing)],
  ['then(f, r) of a rejected promise', true, (promise, callback) => promise.then(nothing, callback)],
  ['catch(r)', true, (promise, callback) => promise.catch(callback)],
  ['finally(c) of a fulfilled promise', false, (promise, callback) => promise.finally(callback)],
  ['finally(c) of a rejected promise', true, (promise, callback) => promise.finally(callback).catch(nothing)],
];

const settled = (rejected: boolean): DomainPromise<unknown> =>
  rejected ? DomainPromise.reject('reason') : DomainPromise.resolve('value');

const domains: [string, PromiseDomain][] = [
  ['an empty domain', domain],
  ['a domain with every hook', recordingDomain('recording', [])],
];

describe.each(domains)('with %s', (_what, installed) => {
  describe.each(ways)('%s', (_way, rejected, attach) => {
    test('captures the domain that is current at the call, not the one at the callback', async () => {
      const { promise, resolve, reject } = DomainPromise.withResolvers<unknown>();
      const seen: unknown[] = [];
      const chain = withPromiseDomain(installed, () =>
        attach(promise, () => seen.push(currentPromiseDomain())),
      );
      withPromiseDomain({}, () => (rejected ? reject('reason') : resolve('value')));
      await chain;
      expect(seen).toEqual([installed]);
    });

    test('has the domain current in the callback, and what was there before after it', async () => {
      const seen: unknown[] = [];
      const look = () => seen.push(currentPromiseDomain());
      const chain = withPromiseDomain(installed, () => attach(settled(rejected), look));
      queueMicrotask(look); // runs right behind the callback
      await chain;
      expect(seen).toEqual([installed, undefined]);
    });

    test('has what was there before after a callback that throws', async () => {
      const seen: unknown[] = [];
      const chain = withPromiseDomain(installed, () =>
        attach(settled(rejected), () => {
          throw new Error('thrown');
        }),
      );
      queueMicrotask(() => seen.push(currentPromiseDomain()));
      await chain.catch(nothing);
      expect(seen).toEqual([undefined]);
    });

    test('captures again for a then() inside the callback', async () => {
      const seen: unknown[] = [];
      await withPromiseDomain(installed, () =>
        attach(settled(rejected), () =>
          DomainPromise.resolve().then(() =>
            DomainPromise.resolve().then(() => seen.push(currentPromiseDomain())),
          ),
        ),
      );
      expect(seen).toEqual([installed]);
    });

    test('captures nothing outside the domain', async () => {
      const seen: unknown[] = [];
      await attach(
        withPromiseDomain(installed, () => settled(rejected)),
        () => seen.push(currentPromiseDomain()),
      );
      await withPromiseDomain(installed, () =>
        withoutPromiseDomain(() => attach(settled(rejected), () => seen.push(currentPromiseDomain()))),
      );
      expect(seen).toEqual([undefined, undefined]);
    });

    test('calls the callback as a plain function, with what a native promise gives it', async () => {
      const calls: unknown[] = [];
      const callback = function (this: unknown, ...args: unknown[]) {
        calls.push([this, args]);
      };
      await withPromiseDomain(installed, () => attach(settled(rejected), callback));
      const native = rejected ? Promise.reject('reason') : Promise.resolve('value');
      await attach(native as DomainPromise<unknown>, callback); // cast: the methods have the same names
      expect(calls[0]).toEqual(calls[1]);
      expect(calls[0]).toEqual([undefined, expect.anything()]);
    });
  });

  test('finally() passes the value and the reason on, and waits for what its callback returns', async () => {
    const order: string[] = [];
    const slow = () => DomainPromise.resolve().then(() => void order.push('waited for'));
    await withPromiseDomain(installed, async () => {
      const fulfilled = DomainPromise.resolve('value').finally(slow);
      const rejected = DomainPromise.reject('reason').finally(slow);
      const replaced = DomainPromise.resolve('value').finally(() => Promise.reject('replaced'));
      expect(await fulfilled).toBe('value');
      await expect(rejected).rejects.toBe('reason');
      await expect(replaced).rejects.toBe('replaced');
    });
    expect(order).toEqual(['waited for', 'waited for']);
  });

  test.each([undefined, null, 42, {}, 'text'])(
    'a handler %o that is no function passes through',
    async (handler) => {
      // Reason for the casts: the types forbid what is tested here.
      const bad = handler as undefined;
      await withPromiseDomain(installed, async () => {
        expect(await DomainPromise.resolve('value').then(bad, bad).finally(bad)).toBe('value');
        await expect(DomainPromise.reject('reason').then(bad, bad).catch(bad).finally(bad)).rejects.toBe(
          'reason',
        );
      });
    },
  );
});

describe('hooks', () => {
  const log: string[] = [];
  const recording = recordingDomain('domain', log);
  const logged = async (attach: () => Promise<unknown>): Promise<string[]> => {
    log.length = 0;
    await withPromiseDomain({ ...recording, wrapSync: (fn) => fn() }, attach).catch(nothing);
    return log.splice(0);
  };

  test('are called at then(), once for each callback, and what they return at the callback', async () => {
    expect(
      await logged(() => {
        const chain = DomainPromise.resolve().then(() => log.push('callback'), nothing);
        log.push('then() returned');
        return chain;
      }),
    ).toEqual([
      'domain.wrapOnFulfilled',
      'domain.wrapOnRejected',
      'then() returned',
      'domain in',
      'callback',
      'domain out',
    ]);
  });

  test('are called for functions only', async () => {
    // Reason for the cast: the types forbid what is tested here.
    const bad = 42 as unknown as undefined;
    expect(await logged(() => DomainPromise.resolve().then())).toEqual([]);
    expect(await logged(() => DomainPromise.resolve().then(null, undefined))).toEqual([]);
    expect(await logged(() => DomainPromise.resolve().then(bad, bad).catch(bad).finally(bad))).toEqual([]);
    expect(await logged(() => DomainPromise.resolve().then(null, nothing))).toEqual([
      'domain.wrapOnRejected',
    ]);
    expect(await logged(() => DomainPromise.resolve().catch(nothing))).toEqual(['domain.wrapOnRejected']);
  });

  test('replace the value, the reason and the result of a callback', async () => {
    const wrap = (callback: (value: never) => unknown) => (value: unknown) =>
      `result of ${callback(`wrapped ${value}` as never)}`; // cast: the callbacks below take strings
    const replacing = { wrapOnFulfilled: wrap, wrapOnRejected: wrap } as PromiseDomain; // cast: it changes types
    const results = await withPromiseDomain(replacing, () =>
      Promise.all([
        DomainPromise.resolve('value').then((value) => value),
        DomainPromise.reject('reason').catch((reason) => reason),
      ]),
    );
    expect(results).toEqual(['result of wrapped value', 'result of wrapped reason']);
  });

  test('that throw make then() throw, and leave the current domain as it was', () => {
    const error = new Error('from the hook');
    const throwing: PromiseDomain = {
      wrapOnFulfilled() {
        throw error;
      },
    };
    withPromiseDomain(throwing, () => {
      expect(() => DomainPromise.resolve().then(nothing)).toThrow(error);
      expect(currentPromiseDomain()).toBe(throwing);
    });
  });
});
