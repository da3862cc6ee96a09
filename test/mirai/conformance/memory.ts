import { describe, expect, test } from 'vitest';
import type { EngineName } from '../support/engines.js';
import { interrupted } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { mirai, status, tryMirai } from '../support/library.js';
import { pool } from '../support/pool.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { until } from '../support/until.js';

const { gate, notes, values } = tasks;
const kilobyte = () => new Uint8Array(1000).fill(1);
const length = (bytes: Uint8Array) => bytes.length;

/** A pool of one daemon, which is held until `release()`. */
async function heldPool(engine: EngineName, memory?: number) {
  await pool(engine, 1, memory === undefined ? {} : { memory });
  const { path, next } = await openGate();
  const held = mirai(gate.hold, [path, 'held']);
  const visitor = await next();
  await until(() => held.state === 'executing');
  const release = async () => {
    visitor.release();
    await held;
  };
  return { release };
}

export function memoryConforms(engine: EngineName): void {
  describe('the memory budget', () => {
    test('without a limit the bytes of waiting tasks are counted, and given back', async () => {
      const { release } = await heldPool(engine);
      expect(status().memory).toMatchObject({ used: 0, capacity: Infinity });
      const queued = [1, 2, 3].map(() => mirai(length, [kilobyte()]));
      const { used, peak } = status().memory;
      expect(used).toBeGreaterThanOrEqual(3000);
      expect(used).toBeLessThan(6000);
      expect(peak).toBeGreaterThanOrEqual(used);
      await release();
      expect(await Promise.all(queued)).toEqual([1000, 1000, 1000]);
      expect(status().memory).toMatchObject({ used: 0, peak });
    });

    test('tryMirai() takes tasks as far as the budget goes, then returns null', async () => {
      const { release } = await heldPool(engine, 10_000);
      const taken = [];
      for (let task = tryMirai(length, [kilobyte()]); task; task = tryMirai(length, [kilobyte()])) {
        taken.push(task);
        expect(status().memory.used).toBeGreaterThanOrEqual(1000 * taken.length);
        expect(status().memory.used).toBeLessThanOrEqual(10_000);
      }
      expect(taken.length).toBeGreaterThan(4);
      const { memory, mirai: counts } = status();
      expect(memory.capacity).toBe(10_000);
      expect(counts.awaiting).toBe(taken.length);
      await release();
      expect(await Promise.all(taken)).toEqual(taken.map(() => 1000));
      expect(status().memory.used).toBe(0);
      expect(status().memory.peak).toBeLessThanOrEqual(10_000);
      expect(await tryMirai(length, [kilobyte()])).toBe(1000);
    });

    test('mirai() over the budget waits; nothing is dropped, and the order is kept', async () => {
      const { release } = await heldPool(engine, 5000);
      const { path, lines } = notebook();
      const order = Array.from({ length: 20 }, (_, n) => `${n}:${'x'.repeat(n % 2 ? 10 : 900)}`);
      const all = order.map((line) => mirai(notes.note, [path, line]));
      expect(status().memory.used).toBeLessThanOrEqual(5000);
      expect(all.every(({ state }) => state === 'awaiting')).toBe(true);
      expect(tryMirai(length, [kilobyte()])).toBeNull();
      await release();
      expect(await Promise.all(all)).toEqual(order);
      expect(lines()).toEqual(order);
      expect(status().memory.used).toBe(0);
    });

    test('what is cancelled gives its bytes back, inside the budget and over it', async () => {
      const { release } = await heldPool(engine, 5000);
      const all = Array.from({ length: 20 }, () => mirai(length, [kilobyte()]));
      expect(tryMirai(length, [kilobyte()])).toBeNull();
      for (const task of all) expect(task.cancel()).toBe(true);
      for (const task of all) await interrupted(() => task);
      expect(status()).toMatchObject({ mirai: { awaiting: 0 }, memory: { used: 0 } });
      const taken = tryMirai(length, [kilobyte()]);
      expect(taken).not.toBeNull();
      await release();
      expect(await taken).toBe(1000);
    });

    test('one that is cancelled makes room for the next', async () => {
      const { release } = await heldPool(engine, 5000);
      const all = Array.from({ length: 20 }, (_, n) => mirai(values.add, [n, 0]));
      const big = Array.from({ length: 8 }, () => mirai(length, [kilobyte()]));
      for (const task of big.slice(0, 6)) task.cancel();
      await release();
      expect(await Promise.all(all)).toEqual(all.map((_, n) => n));
      expect(await Promise.all(big.slice(6))).toEqual([1000, 1000]);
    });

    test('a task that is larger than the whole budget runs nevertheless', async () => {
      await pool(engine, 1, { memory: 100 });
      expect(await mirai(length, [kilobyte()])).toBe(1000);
      expect(await Promise.all([1, 2].map(() => mirai(length, [kilobyte()])))).toEqual([1000, 1000]);
      expect(status().memory.used).toBe(0);
    });
  });
}
