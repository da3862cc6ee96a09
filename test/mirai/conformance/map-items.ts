import { describe, expect, test } from 'vitest';
import { allJobsDone, collectUnhandledRejections } from '../../support/unhandled-rejections.js';
import type { EngineName } from '../support/engines.js';
import { failure, interrupted } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { mirai, miraiMap, status } from '../support/library.js';
import { anyPool, pool } from '../support/pool.js';
import { tasks } from '../support/tasks.js';
import { turns, until } from '../support/until.js';

const { gate, values } = tasks;
const broken = new Error('the items are broken');

/** Items without end, which count how many were taken of them, and whether they were closed. */
function endless(item: string) {
  const taken = { count: 0, closed: 0 };
  const source = {
    next: () => ({ done: false as const, value: [item, ++taken.count][0] as string }), // cast: it is the item
    return: () => {
      taken.closed += 1;
      return { done: true as const, value: undefined };
    },
  };
  const sync: Iterable<string> = { [Symbol.iterator]: () => source };
  const async: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({ next: async () => source.next(), return: async () => source.return() }),
  };
  return { taken, items: { sync, async } };
}

export function mapItemsConform(engine: EngineName): void {
  describe('the items of miraiMap()', () => {
    test.each(['sync', 'async'] as const)('%s: are taken no faster than daemons take them', async (kind) => {
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const { taken, items } = endless(path);
      const map = miraiMap(items[kind], gate.hold, { args: ['held'] });
      await next();
      await turns(100);
      const before = taken.count;
      expect(before).toBeLessThan(2000);
      await turns(100);
      expect(taken.count).toBe(before);
      expect(taken.closed).toBe(0);
      map.cancel('enough');
      await interrupted(() => map);
      await until(() => taken.closed === 1);
      await turns(10);
      expect(taken).toEqual({ count: before, closed: 1 });
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test.each(['sync', 'async'] as const)('%s: are taken on while results are taken', async (kind) => {
      await anyPool(engine, 2);
      const { taken, items } = endless('item');
      let count = 0;
      for await (const value of miraiMap(items[kind], values.echo)) {
        expect(value).toBe('item');
        if (++count === 1500) break;
      }
      expect(taken.count).toBeGreaterThanOrEqual(1500);
      await until(() => taken.closed === 1);
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0 });
    });

    test.each([
      ['an iterable that throws at once', () => ({ [Symbol.iterator]: () => ({ next: fail }) })],
      [
        'a generator that throws later',
        function* () {
          yield* ['a', 'b'];
          throw broken;
        },
      ],
      [
        'an async generator that throws',
        async function* () {
          yield* ['a', 'b'];
          await allJobsDone();
          throw broken;
        },
      ],
      ['an iterable whose iterator cannot be made', () => ({ [Symbol.iterator]: fail })],
    ] as [string, () => Iterable<string> | AsyncIterable<string>][])(
      '%s rejects the map with its error',
      async (_, make) => {
        const reasons = collectUnhandledRejections();
        await anyPool(engine, 1);
        expect(await failure(() => miraiMap(make(), values.echo))).toBe(broken);
        expect(await failure(() => iterate(miraiMap(make(), values.echo)))).toBe(broken);
        expect(await mirai(values.add, [1, 2])).toBe(3);
        expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0 });
        await allJobsDone();
        expect(reasons).toEqual([]);
      },
    );

    test('items that cannot be cloned fail alone', async () => {
      await anyPool(engine, 1);
      const outcomes = await miraiMap([1, () => {}, 3] as unknown[], values.echo).settled();
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    test('wait where the memory budget is spent, and all of them are done', async () => {
      await pool(engine, 1, { memory: 5000 });
      const items = Array.from({ length: 50 }, () => new Uint8Array(1000));
      expect(await miraiMap(items, (bytes: Uint8Array) => bytes.length)).toEqual(items.map(() => 1000));
      expect(status().memory.peak).toBeLessThanOrEqual(5000);
      expect(status().memory.used).toBe(0);
    });

    test('two maps at a time do not mix', async () => {
      await anyPool(engine, 2);
      const numbers = Array.from({ length: 300 }, (_, n) => n);
      const [plus, minus] = await Promise.all([
        miraiMap(numbers, values.add, { args: [1] }),
        miraiMap(numbers, values.add, { args: [-1] }),
      ]);
      expect(plus).toEqual(numbers.map((n) => n + 1));
      expect(minus).toEqual(numbers.map((n) => n - 1));
    });
  });
}

function fail(): never {
  throw broken;
}

async function iterate(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
