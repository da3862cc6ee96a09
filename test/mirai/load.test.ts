import { describe, expect, test } from 'vitest';
import { mirai, status } from './support/library.js';
import { pool } from './support/pool.js';
import { tasks } from './support/tasks.js';
import { turns, until } from './support/until.js';

const { self, values } = tasks;

/** Numbers from 0 to 1, the same ones in every run. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.each(['threads', 'processes', 'inline'] as const)('%s under load', { timeout: 30_000 }, (engine) => {
  test('20,000 tasks that are submitted at once each give their result', async () => {
    await pool(engine, 2);
    const all = Array.from({ length: 20_000 }, (_, n) => mirai(values.add, [n, 1]));
    expect(new Set(all.map(({ id }) => id)).size).toBe(20_000);
    const results = await Promise.all(all);
    expect(results.every((value, n) => value === n + 1)).toBe(true);
    await until(() => status().daemons.every(({ state }) => state === 'idle'));
    expect(status()).toMatchObject({
      connections: 2,
      mirai: { awaiting: 0, executing: 0, completed: 20_000, failed: 0 },
      memory: { used: 0 },
    });
  });

  test('of 10,000 tasks, many of them cancelled at random while they run, each settles once', async () => {
    await pool(engine, 2, { grace: 60_000 });
    const before = status().daemons.map(({ id }) => id);
    const random = makeRandom(7);
    const settled = { fulfilled: 0, rejected: 0, wrong: 0 };
    const cancelled = new Set<number>();
    const all = Array.from({ length: 10_000 }, (_, n) => {
      const task = mirai(n % 50 ? values.echo : self.idAfterTurns, [n % 50 || 3]);
      const outcome = task.then(
        (value) => {
          settled.fulfilled += 1;
          settled.wrong += Number(cancelled.has(n) || value !== (n % 50 || task.id));
        },
        (error: { code: string }) => {
          settled.rejected += 1;
          settled.wrong += Number(!cancelled.has(n) || error.code !== 'miraiInterrupt');
        },
      );
      return { task, outcome };
    });
    for (let round = 0; round < 100; round++) {
      for (let attempt = 0; attempt < 60; attempt++) {
        const n = Math.floor(random() * all.length);
        if (all[n]?.task.cancel()) cancelled.add(n);
      }
      await turns(1);
    }
    await Promise.all(all.map(({ outcome }) => outcome));
    expect(settled).toEqual({ fulfilled: 10_000 - cancelled.size, rejected: cancelled.size, wrong: 0 });
    expect(cancelled.size).toBeGreaterThan(100);
    await until(() => status().daemons.every(({ state }) => state === 'idle'));
    expect(status()).toMatchObject({
      connections: 2,
      mirai: { awaiting: 0, executing: 0, completed: 10_000, failed: cancelled.size },
      memory: { used: 0 },
    });
    expect(status().daemons.map(({ id }) => id)).toEqual(before);
    expect(await Promise.all([mirai(values.add, [1, 2]), mirai(values.add, [3, 4])])).toEqual([3, 7]);
  });
});
