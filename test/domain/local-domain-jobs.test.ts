import { afterEach, describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  hasOtelPromiseDomain,
  localOtelPromiseDomain,
  localPromiseDomain,
  type PromiseDomain,
  withOtelPromiseDomain,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { allJobsDone } from '../support/unhandled-rejections.js';

const a: PromiseDomain = { name: 'a' };
const b: PromiseDomain = { name: 'b' };

const dispose = (disposable: Disposable) => disposable[Symbol.dispose]();

afterEach(async () => {
  await allJobsDone();
  expect(currentPromiseDomain()).toBeUndefined();
});

describe('localPromiseDomain(), across jobs', () => {
  test('forgotten, ends with the job', async () => {
    const seen: unknown[] = [];
    await allJobsDone();
    localPromiseDomain(a);
    localPromiseDomain(b);
    queueMicrotask(() => seen.push(currentPromiseDomain()));
    const bare = Promise.resolve().then(() => seen.push(currentPromiseDomain()));
    await bare;
    seen.push(currentPromiseDomain());
    expect(seen).toEqual([undefined, undefined, undefined]);
  });

  test('forgotten inside a callback, ends with the callback', async () => {
    const { promise, resolve } = DomainPromise.withResolvers<void>();
    const seen: unknown[] = [];
    await withPromiseDomain(a, () => {
      const settled = promise.then(() => void localPromiseDomain(b));
      const next = promise.then(() => seen.push(currentPromiseDomain()));
      resolve();
      return DomainPromise.all([settled, next]);
    });
    expect(seen).toEqual([a]);
  });

  test('disposed in a later job, does not take the same domain from a later body', async () => {
    const local = localPromiseDomain(a);
    await allJobsDone();
    dispose(local);
    withPromiseDomain(a, () => {
      withPromiseDomain(b, () => {});
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('in an async function, does not leak into what runs between its parts', async () => {
    const seen: unknown[] = [];
    async function task() {
      using _ = localPromiseDomain(a);
      await null;
      seen.push('resumed');
    }
    await allJobsDone();
    const done = task();
    queueMicrotask(() => seen.push(currentPromiseDomain()));
    await done;
    seen.push(currentPromiseDomain());
    withPromiseDomain(a, () => {
      withoutPromiseDomain(() => {});
      seen.push(currentPromiseDomain());
    });
    expect(seen).toEqual(['resumed', undefined, undefined, a]);
  });

  test('keeps what then() captured after it was disposed', async () => {
    const local = localPromiseDomain(a);
    const step = DomainPromise.resolve().then(() => currentPromiseDomain());
    dispose(local);
    expect(await step).toBe(a);
  });
});

describe('localOtelPromiseDomain()', () => {
  test('keeps the handoff in force until the last of two is disposed, whatever the order', () => {
    const first = localOtelPromiseDomain();
    const second = localOtelPromiseDomain();
    dispose(first);
    expect(hasOtelPromiseDomain()).toBe(true);
    dispose(second);
    expect(hasOtelPromiseDomain()).toBe(false);
  });

  test('leaves the domain that has the handoff already untouched', () => {
    withOtelPromiseDomain(() => {
      const outside = currentPromiseDomain();
      const local = localOtelPromiseDomain();
      expect(currentPromiseDomain()).toBe(outside);
      dispose(local);
      expect(currentPromiseDomain()).toBe(outside);
    });
  });

  test('disposed in a later job, does not take the handoff from a later body', async () => {
    async function task() {
      using _ = localOtelPromiseDomain();
      await null;
    }
    await task();
    withOtelPromiseDomain(() => {
      withPromiseDomain(a, () => {});
      expect(hasOtelPromiseDomain()).toBe(true);
    });
  });
});
