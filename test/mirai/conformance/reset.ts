import { describe, expect, test } from 'vitest';
import { allJobsDone, collectUnhandledRejections } from '../../support/unhandled-rejections.js';
import type { EngineName } from '../support/engines.js';
import { interrupted } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { daemons, daemonsSet, everywhere, mirai, miraiMap, status } from '../support/library.js';
import { engineOf, pool } from '../support/pool.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { turns } from '../support/until.js';

const { gate, notes, values } = tasks;
const settled = (promise: PromiseLike<unknown>) => Promise.allSettled([promise]);

export function resetConforms(engine: EngineName): void {
  describe('daemons(0)', () => {
    test('rejects every task that is unresolved, and none of the queue runs', async () => {
      await pool(engine, 2, { memory: 1000 });
      const { path, next } = await openGate();
      const { path: file, lines } = notebook();
      const running = [mirai(gate.holdForEver, [path, 'a']), mirai(gate.holdForEver, [path, 'b'])];
      await next();
      await next();
      const queued = Array.from({ length: 10 }, () => mirai(notes.note, [file, 'x'.repeat(500)]));
      const map = miraiMap([1, 2, 3], values.echo);
      await daemons(0);
      for (const task of [...running, ...queued, map]) await interrupted(() => task);
      expect([...running, ...queued].every(({ state }) => state === 'resolved')).toBe(true);
      expect(running[0]?.cancel()).toBe(false);
      expect(lines()).toEqual([]);
      expect(daemonsSet()).toBe(false);
      expect(status()).toMatchObject({ url: undefined, connections: 0, daemons: [] });
    });

    test('never makes an unhandled rejection', async () => {
      const reasons = collectUnhandledRejections();
      await pool(engine, 1);
      const { path, next } = await openGate();
      void mirai(gate.holdForEver, [path, 'running']);
      void mirai(values.add, [1, 2]);
      void miraiMap([1, 2, 3], values.echo);
      await next();
      await daemons(0);
      await allJobsDone();
      expect(reasons).toEqual([]);
    });

    test('is harmless where none are set, and a second time', async () => {
      await daemons(0);
      const set = await pool(engine, 1);
      await Promise.all([daemons(0), daemons(0), set.reset()]);
      await set.reset();
      expect(daemonsSet()).toBe(false);
    });

    test.each([0, 20, 200])('%i turns after daemons() ends what has started of them', async (count) => {
      const starting = settled(pool(engine, 2));
      await turns(count);
      await daemons(0);
      await starting;
      expect([daemonsSet(), status().connections]).toEqual([false, 0]);
      await pool(engine, 1);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test.each([0, 2, 20])(
      '%i turns after tasks, a map and everywhere() settles all of them',
      async (count) => {
        await pool(engine, 2);
        const all = [
          mirai(values.add, [1, 2]),
          everywhere(values.add, [1, 2]),
          mirai(values.add, [3, 4]),
          miraiMap([1, 2, 3], values.echo),
          everywhere(values.add, [1, 2], { min: 5 }),
        ].map(settled);
        await turns(count);
        await daemons(0);
        const outcomes = (await Promise.all(all)).flat();
        const reasons = outcomes.flatMap((outcome) =>
          outcome.status === 'rejected' ? [outcome.reason] : [],
        );
        expect(reasons.map(({ code }) => code)).toEqual(reasons.map(() => 'miraiInterrupt'));
        expect(outcomes.at(-1)?.status).toBe('rejected');
      },
    );

    test('and daemons(n) many times over, without waiting, end with the last', async () => {
      const all = [
        daemons(1, { engine: engineOf(engine) }),
        daemons(0),
        daemons(2, { engine: engineOf(engine) }),
        daemons(0),
        pool(engine, 1),
      ];
      await Promise.allSettled(all);
      expect(await all[4]).toMatchObject({ compute: 'default' });
      expect([daemonsSet(), status().connections]).toEqual([true, 1]);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test('by the end of a block: Daemons is AsyncDisposable, unless others were set since', async () => {
      const first = await pool(engine, 1);
      await first[Symbol.asyncDispose]();
      expect(daemonsSet()).toBe(false);
      const second = await pool(engine, 1);
      await first[Symbol.asyncDispose]();
      expect([daemonsSet(), second.status().connections]).toEqual([true, 1]);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });
  });
}
