import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { currentPromiseDomain, DomainPromise, withPromiseDomain } from '../../src/index.js';
import { active, allJobsDone, bracketingManagers, register, within } from '../support/awaiting.js';

const thenableOf = <T>(value: T): PromiseLike<T> => ({
  // Reason for the cast: an await only uses `resolve`.
  then: ((resolve: (value: T) => void) => resolve(value)) as PromiseLike<T>['then'],
});

/** Every domain promise that fulfils with 1, by where it comes from. */
const fulfilling: readonly [string, () => PromiseLike<unknown>][] = [
  ['resolve(value)', () => DomainPromise.resolve(1)],
  ['resolve(native promise)', () => DomainPromise.resolve(Promise.resolve(1))],
  ['from(value)', () => DomainPromise.from(1)],
  ['from(native promise)', () => DomainPromise.from(Promise.resolve(1))],
  ['from(thenable)', () => DomainPromise.from(thenableOf(1))],
  ['from(async function)', () => DomainPromise.from((async () => 1)())],
  ['new DomainPromise', () => new DomainPromise((resolve) => resolve(1))],
  ['new DomainPromise, settled later', () => new DomainPromise((done) => queueMicrotask(() => done(1)))],
  ['then()', () => DomainPromise.resolve(0).then((value) => value + 1)],
  ['catch()', () => DomainPromise.reject(0).catch(() => 1)],
  ['finally()', () => DomainPromise.resolve(1).finally(() => {})],
  ['all()', () => DomainPromise.all([Promise.resolve(1)]).then(([value]) => value)],
  ['allSettled()', () => DomainPromise.allSettled([1]).then((all) => all.length)],
  ['race()', () => DomainPromise.race([Promise.resolve(1), new Promise(() => {})])],
  ['any()', () => DomainPromise.any([Promise.reject(0), Promise.resolve(1)])],
  [
    'withResolvers()',
    () => {
      const { promise, resolve } = DomainPromise.withResolvers<number>();
      queueMicrotask(() => resolve(1));
      return promise;
    },
  ],
  ['a subclass', () => new (class extends DomainPromise<number> {})((resolve) => resolve(1))],
  [
    'a subclass of a subclass',
    () => new (class B extends class A extends DomainPromise<number> {} {})((done) => done(1)),
  ],
];

afterEach(async () => {
  await allJobsDone();
  expect([active(), currentPromiseDomain()]).toEqual([undefined, undefined]);
});

describe.each(bracketingManagers)('under %s, an await of a domain promise', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  test.each(fulfilling)('keeps the active context: %s', async (_what, makePromise) => {
    const seen: unknown[] = [];
    await within('A', async () => {
      seen.push(await makePromise(), active());
      seen.push(await makePromise(), active());
    });
    expect(seen).toEqual([1, 'A', 1, 'A']);
  });

  test('keeps it when the promise is rejected', async () => {
    const seen: unknown[] = [];
    await within('A', async () => {
      try {
        await DomainPromise.reject('reason');
      } catch (reason) {
        seen.push(reason, active());
      } finally {
        seen.push(active());
        await DomainPromise.resolve();
        seen.push(active());
      }
    });
    expect(seen).toEqual(['reason', 'A', 'A', 'A']);
  });

  test('keeps the current domain, with a context and without', async () => {
    const domain = { name: 'mine' };
    const seen: unknown[] = [];
    const task = async () => {
      await DomainPromise.resolve();
      seen.push(currentPromiseDomain() === domain, active());
    };
    await withPromiseDomain(domain, task);
    await within('A', () => withPromiseDomain(domain, task));
    expect(seen).toEqual([true, undefined, true, 'A']);
  });

  test('keeps a missing context and a missing domain beside tasks that have them', async () => {
    const seen: unknown[] = [];
    const task = async () => {
      for (let n = 0; n < 3; n += 1) {
        await DomainPromise.resolve();
        seen.push(active() ?? currentPromiseDomain()?.name ?? 'none');
      }
    };
    await Promise.all([within('A', task), task(), withPromiseDomain({ name: 'domain' }, task)]);
    expect(seen.sort()).toEqual(['A', 'A', 'A', 'domain', 'domain', 'domain', 'none', 'none', 'none']);
  });

  test('keeps the context of each of many tasks that await the same promise', async () => {
    const { promise, resolve } = DomainPromise.withResolvers<void>();
    const names = Array.from({ length: 50 }, (_, n) => `task ${n}`);
    const seen: unknown[] = [];
    const tasks = names.map((name) =>
      within(name, async () => {
        await promise;
        seen.push(active());
      }),
    );
    resolve();
    await Promise.all(tasks);
    expect(seen).toEqual(names);
  });

  test('keeps contexts apart while tasks interleave', async () => {
    const seen: Record<string, unknown[]> = { A: [], B: [], C: [] };
    const task = (name: string) =>
      within(name, async () => {
        for (let n = 0; n < 20; n += 1) {
          await (n % 3 ? DomainPromise.from(Promise.resolve()) : DomainPromise.resolve());
          seen[name]?.push(active());
        }
      });
    await Promise.all([task('A'), task('B'), task('C')]);
    for (const name of ['A', 'B', 'C']) expect(seen[name]).toEqual(Array(20).fill(name));
  });

  test('keeps the inner context in a nested call and the outer one after it', async () => {
    const seen: unknown[] = [];
    await within('outer', async () => {
      await DomainPromise.from(
        within('inner', async () => {
          await DomainPromise.resolve();
          seen.push(active());
        }),
      );
      seen.push(active());
    });
    expect(seen).toEqual(['inner', 'outer']);
  });

  test('keeps what was active at each await, not at the first', async () => {
    const seen: unknown[] = [];
    await within('A', async () => {
      await DomainPromise.resolve();
      const inner = within('B', () => DomainPromise.resolve().then(() => active()));
      seen.push(await inner, active());
    });
    expect(seen).toEqual([undefined, 'A']);
  });

  test('calls what the continuation starts in its context, and nothing else', async () => {
    const seen: [string, unknown][] = [];
    const { promise, resolve } = DomainPromise.withResolvers<void>();
    const task = within('A', async () => {
      await promise;
      queueMicrotask(() => seen.push(['microtask', active()]));
      void Promise.resolve().then(() => seen.push(['native then', active()]));
      seen.push(['continuation', active()]);
    });
    void promise.then(() => seen.push(['callback', active()]));
    resolve();
    await task;
    await allJobsDone();
    expect(seen).toContainEqual(['continuation', 'A']);
    expect(seen.filter(([, name]) => name !== undefined)).toHaveLength(1);
    expect(seen).toHaveLength(4);
  });
});
