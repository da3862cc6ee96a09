import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { active, after, allJobsDone, bracketingManagers, register, within } from '../support/awaiting.js';

afterEach(async () => {
  await allJobsDone();
  expect(active()).toBeUndefined();
});

describe.each(bracketingManagers)('under %s, the context is not kept', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  const lostBy = (task: () => Promise<unknown>): Promise<unknown> => within('A', task);

  test('after an await of a native promise', async () => {
    expect(await lostBy(() => after(Promise.resolve(), active))).toBeUndefined();
  });

  test('after an await of what is no promise', async () => {
    expect(await lostBy(() => after(undefined, active))).toBeUndefined();
  });

  test('after an await of a native promise, by a later await of a domain promise', async () => {
    const task = async () => {
      await Promise.resolve();
      await DomainPromise.resolve();
      return active();
    };
    expect(await lostBy(task)).toBeUndefined();
  });

  test('after a step of for await', async () => {
    const task = async () => {
      const seen: unknown[] = [];
      for await (const value of [DomainPromise.resolve(1)]) seen.push(value, active());
      return seen;
    };
    expect(await lostBy(task)).toEqual([1, undefined]);
  });

  test('after a yield of an async generator', async () => {
    async function* generate() {
      yield 1;
      yield active();
    }
    const task = async () => {
      const generator = generate();
      await DomainPromise.from(generator.next());
      const inGenerator = generator.next();
      await Promise.resolve();
      return [(await inGenerator).value, active()];
    };
    // The generator goes on in the context of whoever calls next().
    expect(await lostBy(task)).toEqual(['A', undefined]);
  });

  test('after an await of a promise whose value has become a thenable since; nothing leaks meanwhile', async () => {
    const value: { then?: unknown } = {};
    const promise = DomainPromise.resolve(value);
    let settle: ((result: unknown) => void) | undefined;
    value.then = (resolve: (result: unknown) => void) => {
      settle = resolve;
    };
    const running = within('A', () => after(promise, active));
    await allJobsDone();
    expect(active()).toBeUndefined();
    settle?.('settled');
    await allJobsDone();
    expect(await running).toBeUndefined();
  });

  test('in a timer or an event listener', async () => {
    const seen = await within('A', () => new Promise((resolve) => setTimeout(() => resolve(active()))));
    expect(seen).toBeUndefined();
  });
});

describe.each(bracketingManagers)('under %s, the context of a callee reaches its caller', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  test.each<[string, (promise: DomainPromise<void>) => PromiseLike<unknown>]>([
    ['by Promise.resolve(), which reads what an await reads', (promise) => Promise.resolve(promise)],
    [
      'by a read of constructor and a return in one turn',
      async (promise) => {
        expect(promise.constructor).toBe(DomainPromise);
        return promise;
      },
    ],
  ])('%s', async (_what, handOver) => {
    expect(
      await after(
        within('A', () => handOver(DomainPromise.resolve())),
        active,
      ),
    ).toBe('A');
  });
});
