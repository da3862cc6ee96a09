import { ROOT_CONTEXT } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainContextManager,
  DomainPromise,
  hasOtelPromiseDomain,
  localOtelPromiseDomain,
  localPromiseDomain,
} from '../../src/index.js';
import {
  active,
  after,
  allJobsDone,
  bracketingManagers,
  named,
  register,
  within,
} from '../support/awaiting.js';
import { dispose } from '../support/dispose.js';

/** Changes a property of `Error` until the running test is over. */
function vary(key: 'stackTraceLimit' | 'prepareStackTrace', descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(Error, key);
  Object.defineProperty(Error, key, { configurable: true, ...descriptor });
  onTestFinished(() => {
    if (before) Object.defineProperty(Error, key, before);
    else Reflect.deleteProperty(Error, key);
  });
}

const call = <R>(fn: () => R): R => fn();
const current = () => currentPromiseDomain()?.name;

afterEach(async () => {
  await allJobsDone();
  expect([active(), currentPromiseDomain()]).toEqual([undefined, undefined]);
});

describe.each(bracketingManagers)('under %s, a local domain in an async function', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  test('stays in force across awaits, and ends when it is disposed', async () => {
    const seen: unknown[] = [];
    const task = async () => {
      const local = localOtelPromiseDomain();
      for (let n = 0; n < 3; n += 1) {
        await DomainPromise.resolve();
        seen.push(hasOtelPromiseDomain());
      }
      dispose(local);
      seen.push(hasOtelPromiseDomain());
      await DomainPromise.resolve();
      seen.push(hasOtelPromiseDomain());
    };
    await task();
    expect(seen).toEqual([true, true, true, false, false]);
  });

  test('is not seen by other tasks, nor by its caller in later jobs', async () => {
    const seen: unknown[] = [];
    const { promise, resolve } = DomainPromise.withResolvers<void>();
    const other = async () => {
      for (let n = 0; n < 5; n += 1) {
        await DomainPromise.resolve();
        seen.push(current());
      }
    };
    const task = async () => {
      const local = localPromiseDomain({ name: 'local' });
      await promise;
      seen.push(current());
      dispose(local);
    };
    const caller = async () => {
      const running = task();
      await null;
      seen.push(current());
      const others = other();
      resolve();
      await running;
      seen.push(current());
      await others;
    };
    await caller();
    expect(seen.filter((name) => name !== undefined)).toEqual(['local']);
    expect(seen).toHaveLength(8);
  });

  test('never disposed, ends with its function', async () => {
    const task = async () => {
      localPromiseDomain({ name: 'forgotten' });
      await DomainPromise.resolve();
      return current();
    };
    const caller = async () => [await task(), current()];
    expect(await caller()).toEqual(['forgotten', undefined]);
  });

  test('is not seen by its caller, nor by any other task, once its function is suspended', async () => {
    const seen: [string, unknown][] = [];
    const before = Promise.resolve().then(() => seen.push(['queued before', current()]));
    const local = async () => {
      const domain = localPromiseDomain({ name: 'local' });
      await DomainPromise.resolve();
      seen.push(['local', current()]);
      dispose(domain);
      seen.push(['disposed', current()]);
    };
    const other = async () => {
      seen.push(['other starts', current()]);
      await DomainPromise.resolve();
      seen.push(['other', current()]);
    };
    const caller = async () => {
      const both = DomainPromise.all([local(), other(), before]);
      seen.push(['caller', current()]);
      await DomainPromise.resolve();
      seen.push(['caller later', current()]);
      await both;
      seen.push(['caller at the end', current()]);
    };
    await caller();
    expect(seen).toHaveLength(8);
    expect(seen.filter(([, name]) => name)).toEqual([['local', 'local']]);
  });

  test('is seen by the functions that its function calls, and still there after their awaits', async () => {
    const seen: unknown[] = [];
    const callee = async (depth: number): Promise<void> => {
      if (depth > 0) await DomainPromise.from(callee(depth - 1));
      await DomainPromise.resolve();
      seen.push(current());
    };
    const task = async () => {
      const local = localPromiseDomain({ name: 'local' });
      const first = callee(0);
      seen.push(current());
      const second = callee(20);
      seen.push(current());
      await DomainPromise.all([first, second]);
      seen.push(current());
      await DomainPromise.all([1, 2].map(() => callee(0)));
      seen.push(current());
      dispose(local);
    };
    const running = task();
    expect(current()).toBeUndefined();
    await running;
    expect(seen).toEqual(Array(28).fill('local'));
  });

  test.each<[string, () => Disposable]>([
    ['a function', () => localPromiseDomain({ name: 'local' })],
    ['a callback', () => call(() => localPromiseDomain({ name: 'local' }))],
    [
      'a constructor',
      () =>
        new (class {
          local = localPromiseDomain({ name: 'local' });
        })().local,
    ],
  ])('installed for it by %s, is its own', async (_by, installLocal) => {
    const seen: unknown[] = [];
    const callee = async () => {
      await DomainPromise.resolve();
      seen.push(current());
    };
    const task = async () => {
      const local = installLocal();
      const running = callee();
      seen.push(current());
      await DomainPromise.resolve();
      seen.push(current());
      await DomainPromise.from(running);
      seen.push(current());
      dispose(local);
      seen.push(current());
    };
    const running = task();
    seen.push(['caller', current()]);
    await running;
    expect(seen).toEqual(['local', ['caller', undefined], 'local', 'local', 'local', undefined]);
  });

  test('installed by a function in a list does not count as that of the next one', async () => {
    const callee = () => after(DomainPromise.resolve(), current);
    const task = async () => {
      const [local, first] = await DomainPromise.all(
        [async () => 0, () => localPromiseDomain({ name: 'local' }), callee].map((fn) => fn()).slice(1),
      );
      const seen = [first, current()];
      dispose(local as Disposable); // cast: the list is of different functions
      return seen;
    };
    expect(await task()).toEqual(['local', 'local']);
  });

  test('stays in force where functions call each other again and again', async () => {
    const steps: ((next: () => unknown) => unknown)[] = [
      ...Array.from({ length: 12 }, () => (next: () => unknown) => next()),
      async (next) => {
        const local = localPromiseDomain({ name: 'local' });
        const running = next();
        const inside = current();
        await DomainPromise.resolve();
        dispose(local);
        return [inside, await running];
      },
      () => after(DomainPromise.resolve(), current),
    ];
    const dispatch = (index: number): unknown => steps[index]?.(() => dispatch(index + 1));
    expect(await dispatch(0)).toEqual(['local', 'local']);

    const walk = async (depth: number): Promise<unknown[]> => {
      const local = depth === 3 ? localPromiseDomain({ name: 'local' }) : undefined;
      const seen = depth > 0 ? await walk(depth - 1) : [];
      await DomainPromise.resolve();
      seen.push(current());
      if (local) dispose(local);
      return seen;
    };
    expect(await walk(1)).toEqual([undefined, undefined]);
    expect((await walk(3)).slice(0, 1)).toEqual(['local']);
  });

  test('of many calls from one place, each has its own', async () => {
    const seen: unknown[] = [];
    const task = async (n: number) => {
      const local = localPromiseDomain({ name: `task ${n}` }, { replace: true });
      await DomainPromise.resolve();
      seen.push(current());
      dispose(local);
      seen.push(current());
      await DomainPromise.resolve();
      seen.push(current());
    };
    await Promise.all([0, 1, 2].map(task));
    expect(seen.sort()).toEqual(['task 0', 'task 1', 'task 2', ...Array(6).fill(undefined)]);
  });

  test('inside one of its caller leaves that one to its caller', async () => {
    const seen: unknown[] = [];
    const callee = async () => {
      const inner = localPromiseDomain({ name: 'inner' }, { replace: true });
      await DomainPromise.resolve();
      seen.push(current());
      dispose(inner);
      seen.push(current());
    };
    const caller = async () => {
      const outer = localPromiseDomain({ name: 'outer' }, { replace: true });
      const running = callee();
      seen.push(current());
      await DomainPromise.from(running);
      seen.push(current());
      dispose(outer);
      seen.push(current());
    };
    await caller();
    expect(seen).toEqual(['outer', 'inner', 'outer', 'outer', undefined]);
  });

  test.each([
    ['the limit of stack traces is 0', () => vary('stackTraceLimit', { value: 0, writable: true })],
    ['stack traces are prepared by a hook', () => vary('prepareStackTrace', { value: () => 'one line' })],
  ])('is kept, and its function is not confused, where %s', async (_where, change) => {
    change();
    const callee = () => after(DomainPromise.resolve(), current);
    const task = async () => {
      const local = localPromiseDomain({ name: 'local' });
      const seen = [callee()];
      await DomainPromise.resolve();
      seen.push(callee(), Promise.resolve(current()));
      await DomainPromise.all(seen);
      dispose(local);
      return [...(await Promise.all(seen)), current()];
    };
    expect(await task()).toEqual(['local', 'local', 'local', undefined]);
  });

  test.each([
    ['in order', [1, 0], ['outer', undefined]],
    ['out of order', [0, 1], ['inner', undefined]],
    ['twice', [1, 1, 0, 0], ['outer', 'outer', undefined, undefined]],
    ['out of order and twice', [0, 0, 1, 1], ['inner', 'inner', undefined, undefined]],
  ] as const)('disposed after awaits, %s, ends with what was there before', async (_order, order, names) => {
    const seen: unknown[] = [];
    const task = async () => {
      const locals = [
        localPromiseDomain({ name: 'outer' }, { replace: true }),
        localPromiseDomain({ name: 'inner' }, { replace: true }),
      ];
      await DomainPromise.resolve();
      for (const index of order) {
        for (const local of locals.slice(index, index + 1)) dispose(local);
        seen.push(current());
        await DomainPromise.resolve();
        expect(current()).toBe(seen.at(-1));
      }
    };
    await task();
    expect(seen).toEqual(names);
  });

  test('disposed by others while its function is suspended, is not there when that goes on', async () => {
    const { promise, resolve } = DomainPromise.withResolvers<void>();
    let local: Disposable | undefined;
    const task = async () => {
      local = localPromiseDomain({ name: 'local' });
      await promise;
      return current();
    };
    const running = task();
    await null;
    if (local) dispose(local);
    resolve();
    expect(await running).toBeUndefined();
  });

  test('of two tasks that interleave, each has its own', async () => {
    const seen: Record<string, unknown[]> = { a: [], b: [] };
    const task = async (name: string) => {
      const local = localPromiseDomain({ name }, { replace: true });
      try {
        for (let n = 0; n < 5; n += 1) {
          await DomainPromise.from(Promise.resolve());
          seen[name]?.push(current());
        }
      } finally {
        dispose(local);
        seen[name]?.push(current());
      }
    };
    const caller = async () => {
      const a = task('a');
      await null;
      const b = task('b');
      await a;
      await b;
    };
    await caller();
    expect(seen).toEqual({ a: [...Array(5).fill('a'), undefined], b: [...Array(5).fill('b'), undefined] });
  });
});

describe('context attached in an async function', () => {
  let manager: DomainContextManager;
  beforeEach(() => {
    manager = register(new DomainContextManager());
  });

  test('stays active across awaits, and ends when its token is disposed', async () => {
    const seen: unknown[] = [];
    const task = async () => {
      const token = manager.attach(named('attached'));
      await DomainPromise.resolve();
      seen.push(active());
      token.dispose();
      token.dispose();
      seen.push(active());
      await DomainPromise.resolve();
      seen.push(active());
    };
    await within('caller', async () => {
      await DomainPromise.from(task());
      seen.push(active());
    });
    expect(seen).toEqual(['attached', 'caller', 'caller', 'caller']);
  });

  test('never disposed, is gone in later jobs', async () => {
    manager.attach(named('forgotten'));
    expect(active()).toBe('forgotten');
    await null;
    expect(active()).toBeUndefined();
  });

  test('disposed out of order, leaves what was active before', async () => {
    const task = async () => {
      const outer = manager.attach(named('outer'));
      const inner = manager.attach(named('inner'));
      await DomainPromise.resolve();
      outer.dispose();
      const afterOuter = active();
      await DomainPromise.resolve();
      inner.dispose();
      return [afterOuter, active()];
    };
    expect(await within('before', task)).toEqual(['inner', 'before']);
  });

  test('may be none: disposed after an await, the one before is active again', async () => {
    const task = async () => {
      const token = manager.attach(ROOT_CONTEXT);
      await DomainPromise.resolve();
      const inside = active();
      token.dispose();
      return [inside, active()];
    };
    expect(await within('before', task)).toEqual([undefined, 'before']);
  });

  test('may be none: never disposed in its job, it leaves nothing to later jobs', async () => {
    manager.attach(named('forgotten'));
    const token = manager.attach(ROOT_CONTEXT);
    await allJobsDone();
    token.dispose();
    expect(active()).toBeUndefined();
  });

  test('is left by disable(); functions that are suspended go on in theirs', async () => {
    const seen: unknown[] = [];
    const { promise, resolve } = DomainPromise.withResolvers<void>();
    const task = within('A', () => after(promise, () => seen.push(active())));
    manager.attach(named('B'));
    manager.disable();
    seen.push(active());
    resolve();
    await task;
    expect(seen).toEqual([undefined, 'A']);
  });
});
