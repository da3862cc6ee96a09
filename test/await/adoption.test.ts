import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { currentPromiseDomain, DomainPromise, withPromiseDomain } from '../../src/index.js';
import { active, after, allJobsDone, bracketingManagers, register, within } from '../support/awaiting.js';

class Sub<T> extends DomainPromise<T> {}

const nothing = () => {};

/** What a function that is called in the context of its own may hand its domain promise to without awaiting it. */
const handingOver: readonly [string, (promise: DomainPromise<number>) => PromiseLike<unknown>][] = [
  ['return from an async function', async (promise) => promise],
  ['return after another await', (promise) => after(DomainPromise.resolve(), () => promise)],
  [
    'return in finally',
    async (promise) => {
      try {
        return 0;
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: it is what is tested
        return promise;
      }
    },
  ],
  ['resolve() of a native promise', (promise) => new Promise((resolve) => resolve(promise))],
  [
    'resolve() of a native promise, later',
    (promise) => new Promise((resolve) => queueMicrotask(() => resolve(promise))),
  ],
  ['resolve() of a domain promise', (promise) => new DomainPromise((resolve) => resolve(promise))],
  ['a callback of a native promise', (promise) => Promise.resolve().then(() => promise)],
  ['a callback of a domain promise', (promise) => DomainPromise.resolve().then(() => promise)],
  [
    'a thenable',
    (promise) => Promise.resolve({ then: (resolve: (value: unknown) => void) => resolve(promise) }),
  ],
  ['DomainPromise.resolve(), then return', async (promise) => DomainPromise.resolve(promise)],
  [
    'DomainPromise.resolve() of a subclass',
    async (promise) => DomainPromise.resolve(new Sub((r) => r(promise))),
  ],
  ['resolve() of a subclass', async (promise) => Sub.resolve(promise)],
  ['DomainPromise.from(), then return', async (promise) => DomainPromise.from(promise)],
  [
    'then() twice, then return',
    async (promise) => {
      void promise.then(nothing, nothing);
      void promise.then(nothing, nothing);
      return promise;
    },
  ],
  [
    'finally(), then return',
    async (promise) => {
      promise.finally(nothing).catch(nothing);
      return promise;
    },
  ],
  [
    'a look at its constructor in an earlier turn, then return',
    async (promise) => {
      expect(promise.constructor).toBe(DomainPromise);
      await DomainPromise.resolve();
      return promise;
    },
  ],
];

afterEach(async () => {
  await allJobsDone();
  expect([active(), currentPromiseDomain()]).toEqual([undefined, undefined]);
});

describe.each(bracketingManagers)('under %s, the context of a callee', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  test.each(handingOver)('does not leak into whoever awaits natively: %s', async (_what, handOver) => {
    const seen: unknown[] = [];
    const callee = () => withPromiseDomain({ name: 'callee' }, () => handOver(DomainPromise.resolve(1)));
    const caller = async () => {
      seen.push(await within('callee', callee).then((value) => [value, active(), currentPromiseDomain()]));
      const native = Promise.resolve(within('callee', callee));
      seen.push([await native.then((value) => value), active(), currentPromiseDomain()]);
      await within('callee', callee);
    };
    await caller();
    for (const [value, ...left] of seen as unknown[][]) {
      expect([0, 1]).toContain(value);
      expect(left).toEqual([undefined, undefined]);
    }
  });

  test.each(handingOver)('does not replace that of a caller: %s', async (_what, handOver) => {
    const seen: unknown[] = [];
    await within('caller', async () => {
      await DomainPromise.from(within('callee', () => handOver(DomainPromise.resolve(1))));
      seen.push(active());
      await DomainPromise.from(
        within('callee', () => handOver(new DomainPromise((r) => queueMicrotask(() => r(1))))),
      );
      seen.push(active());
      await DomainPromise.from(within('callee', () => handOver(DomainPromise.reject(1)))).catch(() => {});
      seen.push(active());
    });
    expect(seen).toEqual(['caller', 'caller', 'caller']);
  });

  test('does not leak from an await that is followed by a return', async () => {
    let after: unknown = 'not reached';
    const callee = async () => {
      const promise = DomainPromise.resolve(1);
      await promise;
      return promise;
    };
    const caller = async () => {
      await within('callee', callee);
      after = active();
    };
    await caller();
    expect(after).toBeUndefined();
  });

  test('does not reach what its caller does in the job after the await began', async () => {
    let between: unknown = 'not reached';
    const task = within('callee', async () => {
      await DomainPromise.resolve();
    });
    between = active();
    await task;
    expect(between).toBeUndefined();
  });

  test('a promise that resolves with itself is rejected with a TypeError', async () => {
    await within('A', async () => {
      const { promise, resolve } = DomainPromise.withResolvers<unknown>();
      resolve(promise);
      await expect((async () => await promise)()).rejects.toBeInstanceOf(TypeError);
      const derived: DomainPromise<unknown> = DomainPromise.resolve().then(() => derived);
      await expect((async () => await derived)()).rejects.toBeInstanceOf(TypeError);
    });
  });
});

describe.each(bracketingManagers)('under %s, beside awaits', (_name, make) => {
  test('a call of a saved then() is a call', async () => {
    register(make());
    const { then } = within('A', () => DomainPromise.resolve());
    expect(await then.call(DomainPromise.resolve(), () => active())).toBeUndefined();
  });

  test('a promise that gets another constructor before it goes on has its value awaited, with nothing kept', async () => {
    register(make());
    const promise = DomainPromise.resolve(42);
    const running = within('A', () => after(promise, () => 'reached'));
    Object.assign(promise, { constructor: class extends Promise<number> {} });
    expect(await running).toBe('reached');
    expect(await within('A', async () => await promise)).toBe(42);
  });
});
