import { describe, expect, test } from 'vitest';
import { type EngineName, testWith } from '../support/engines.js';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { DaemonLost, launchLocal, mirai, status } from '../support/library.js';
import { pool } from '../support/pool.js';
import { tasks } from '../support/tasks.js';
import { until } from '../support/until.js';

const { gate, notes, values } = tasks;
const { later } = tasks.later;
const numbers = Array.from({ length: 10 }, (_, n) => n);
const ids = () => status().daemons.map(({ id }) => id);

export function leavingConforms(engine: EngineName): void {
  describe('daemons that leave', () => {
    test('maxTasks: one that has done its share is replaced, and no task is lost', async () => {
      await pool(engine, 1, { maxTasks: 3 });
      expect(await Promise.all(numbers.map((n) => mirai(values.add, [n, 1])))).toEqual(
        numbers.map((n) => n + 1),
      );
      await until(() => status().connections === 1);
      expect(ids()).toEqual([4]);
      expect(status()).toMatchObject({ mirai: { completed: 10, failed: 0 } });
    });

    testWith(engine, 'a place outside of the host', 'maxTasks: none does more than its share', async () => {
      await pool(engine, 2, { maxTasks: 2 });
      const places = await Promise.all([1, 2, 3, 4, 5, 6].map(() => mirai(notes.place, [])));
      const counts = places.map((place) => places.filter((other) => other === place).length);
      expect(Math.max(...counts)).toBeLessThanOrEqual(2);
      expect(new Set(places).size).toBeGreaterThanOrEqual(3);
    });

    test('idleTime: one that has nothing to do leaves, and comes back when a task waits', async () => {
      await pool(engine, 2, { idleTime: 30 });
      await until(() => status().connections === 0);
      expect(await mirai(values.add, [1, 2])).toBe(3);
      await until(() => status().connections === 0);
      expect(await Promise.all(numbers.map((n) => mirai(values.add, [n, 1])))).toEqual(
        numbers.map((n) => n + 1),
      );
    });

    test('idleTime: one that is at work stays', async () => {
      await pool(engine, 2, { idleTime: 30 });
      const { path, next } = await openGate();
      const held = mirai(gate.hold, [path, 'held']);
      const visitor = await next();
      await until(() => status().connections === 1 && status().daemons[0]?.state === 'executing');
      visitor.release('result');
      expect(await held).toBe('result');
    });

    test('wallTime: one whose time is up leaves after its task, and no task is lost', async () => {
      await pool(engine, 1, { wallTime: 50 });
      const before = ids();
      const long = mirai(later, ['result', 200]);
      const others = numbers.map((n) => mirai(values.add, [n, 1]));
      expect(await long).toBe('result');
      expect(await Promise.all(others)).toEqual(numbers.map((n) => n + 1));
      expect(ids()).not.toEqual(before);
    });

    test('respawn: false leaves the places of those that have left empty: tasks fail until others are launched', async () => {
      await pool(engine, 2, { maxTasks: 1, respawn: false });
      expect(await Promise.all([mirai(values.add, [1, 2]), mirai(values.add, [3, 4])])).toEqual([3, 7]);
      const early = failure(() => mirai(values.add, [5, 6]));
      await until(() => status().connections === 0);
      for (const error of [await early, await failure(() => mirai(values.add, [5, 6]))]) {
        expect(error).toBeInstanceOf(DaemonLost);
      }
      await launchLocal(1);
      expect(await mirai(values.add, [5, 6])).toBe(11);
    });

    test('launchLocal() adds daemons, which are numbered on', async () => {
      await pool(engine, 1);
      await launchLocal(2);
      expect([status().connections, ids()]).toEqual([3, [1, 2, 3]]);
    });
  });
}
