import { describe, expect, test } from 'vitest';
import { type EngineName, testWith } from '../support/engines.js';
import { failure } from '../support/failure.js';
import { openGate, type Visitor } from '../support/gate.js';
import { DomainPromise, mirai, raceMirai, status, unresolved } from '../support/library.js';
import { anyPool, pool, urlOf } from '../support/pool.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { until } from '../support/until.js';

const { errors, gate, notes, values } = tasks;
const numbers = Array.from({ length: 200 }, (_, n) => n);

export function queueConforms(engine: EngineName): void {
  describe('the queue', () => {
    test('tasks of one daemon start in the order in which they were submitted', async () => {
      await anyPool(engine, 1);
      const { path, lines } = notebook();
      await Promise.all(numbers.map((n) => mirai(notes.note, [path, String(n)])));
      expect(lines()).toEqual(numbers.map(String));
    });

    test('each of many tasks gets its own result', async () => {
      await anyPool(engine, 2);
      expect(await Promise.all(numbers.map((n) => mirai(values.add, [n, n])))).toEqual(
        numbers.map((n) => 2 * n),
      );
    });

    test('no daemon idles while a task waits: one that is held holds nobody else', async () => {
      await anyPool(engine, 2);
      const { path, next } = await openGate();
      const held = ['a', 'b'].map((label) => mirai(gate.hold, [path, label]));
      const visitors = [await next(), await next()] as [Visitor, Visitor];
      const others = numbers.map((n) => mirai(values.add, [n, 1]));
      visitors[0].release();
      expect(await Promise.all(others)).toEqual(numbers.map((n) => n + 1));
      await until(() => status().mirai.executing === 1);
      expect(status().mirai).toMatchObject({ awaiting: 0, executing: 1 });
      visitors[1].release();
      await Promise.all(held);
    });

    test('tasks that were dealt out before the daemons are held come back to those that are free', async () => {
      await anyPool(engine, 2);
      const { path, next, came } = await openGate();
      const labels = numbers.slice(0, 9).map(String);
      const held = labels.map((label) => mirai(gate.hold, [path, label]));
      const first = [await next(), await next()] as [Visitor, Visitor];
      for (let turn = 0; turn < 7; turn++) {
        first[0].release();
        first[0] = await next();
      }
      expect([...came].sort()).toEqual(labels);
      for (const visitor of first) visitor.release();
      await Promise.all(held);
    });

    test('tasks that were sent ahead behind one that turns out long go to daemons that are free', async () => {
      await anyPool(engine, 2);
      const { path, next } = await openGate();
      const short = (count: number) =>
        numbers.slice(0, count).map((n) => mirai(gate.holdSeldom, [String(n), path]));
      for (const count of [200, 1, 2, 3, 5, 8, 13, 200, 1, 2, 3, 5, 8, 13]) {
        await Promise.all(short(200));
        const before = count > 13 ? short(count) : [];
        const held = mirai(gate.holdSeldom, ['hold', path]);
        const after = short(count);
        const visitor = await next();
        await Promise.all([...before, ...after]);
        await until(() => held.state === 'executing');
        visitor.release('result');
        expect(await held).toBe('result');
      }
    });

    test('state goes from awaiting to executing to resolved, and data is there from then on', async () => {
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const first = mirai(gate.hold, [path, 'first']);
      const second = mirai(gate.hold, [path, 'second']);
      const seen = [await next()] as [Visitor];
      await until(() => first.state === 'executing');
      expect([first.state, first.data, second.state]).toEqual(['executing', undefined, 'awaiting']);
      expect([unresolved(first), unresolved(second), unresolved([first, second])]).toEqual([
        true,
        true,
        true,
      ]);
      seen[0].release('result');
      await first;
      expect([first.state, first.data]).toEqual(['resolved', 'result']);
      const last = await next();
      await until(() => second.state === 'executing');
      expect([unresolved(first), unresolved(second), unresolved([first, second])]).toEqual([
        false,
        true,
        true,
      ]);
      last.release();
      await second;
      expect(unresolved([first, second])).toBe(false);
      expect(unresolved([])).toBe(false);
    });

    test('a mirai is a domain promise, and what is derived from it too', async () => {
      await anyPool(engine, 1);
      const task = mirai(values.add, [1, 2]);
      for (const promise of [task, task.then(), task.finally(() => {})])
        expect(promise).toBeInstanceOf(DomainPromise);
      expect(await DomainPromise.all([task, mirai(values.add, [3, 4])])).toEqual([3, 7]);
    });

    test('each task has an integer id of its own', async () => {
      await anyPool(engine, 1);
      const ids = [1, 2, 3].map((n) => mirai(values.echo, [n])).map(({ id }) => id);
      expect(new Set(ids).size).toBe(3);
      expect(ids.every((id) => Number.isSafeInteger(id))).toBe(true);
    });

    test('status counts what waits, runs, has ended and has failed, and it adds up', async () => {
      const { url } = await pool(engine, 2);
      const { path, next } = await openGate();
      const held = [mirai(gate.hold, [path, 'a']), mirai(gate.holdThenThrow, [path, 'b'])];
      const visitors = [await next(), await next()];
      await until(() => status().mirai.executing === 2);
      const waiting = [mirai(values.echo, [1]), mirai(errors.fail, ['TypeError']), mirai(values.echo, [2])];
      const before = status();
      expect(before).toMatchObject({ compute: 'default', url, connections: 2 });
      expect(before.mirai).toEqual({ awaiting: 3, executing: 2, completed: 0, failed: 0 });
      expect(before.daemons.map(({ state }) => state)).toEqual(['executing', 'executing']);
      expect(waiting[2]?.cancel()).toBe(true);
      for (const visitor of visitors) visitor.release();
      await Promise.allSettled([...held, ...waiting]);
      await until(() => status().daemons.every(({ state }) => state === 'idle'));
      const { mirai: counts, daemons: each } = status();
      expect(counts).toEqual({ awaiting: 0, executing: 0, completed: 5, failed: 3 });
      expect(each.reduce((sum, { completed }) => sum + completed, 0)).toBe(4);
    });

    test('status names each daemon, its process and its thread', async () => {
      await pool(engine, 2);
      const { daemons: each, url } = status();
      expect(each.map(({ id }) => id)).toEqual([1, 2]);
      const place = await mirai(notes.place, []);
      expect(each.map(({ pid, threadId }) => `${pid}:${threadId}`)).toContain(place);
      expect(url).toBe(urlOf(engine));
    });

    test('raceMirai() tells which is the first to resolve or reject', async () => {
      await anyPool(engine, 2);
      const { path, next } = await openGate();
      const held = mirai(gate.hold, [path, 'held']);
      const visitor = await next();
      expect(await raceMirai([held, mirai(values.echo, [1])])).toBe(1);
      const failed = mirai(errors.fail, ['TypeError']);
      expect(await raceMirai([held, failed])).toBe(1);
      await failure(() => failed);
      const second = mirai(values.echo, [2]);
      visitor.release();
      await Promise.all([held, second]);
      expect(await raceMirai([held, second])).toBe(0);
      expect(await raceMirai([])).toBe(-1);
    });

    testWith(
      engine,
      'a dispatcher',
      'without a dispatcher tasks are dealt out to the daemons in turn',
      async () => {
        await pool(engine, 2, { dispatcher: false });
        const { path, next } = await openGate();
        const held = mirai(gate.hold, [path, 'first daemon']);
        const others = ['b', 'a', 'b', 'a'].map((label) => mirai(gate.hold, [path, label]));
        const [one, two] = [await next(), await next()] as [Visitor, Visitor];
        const [first, other] = one.label === 'first daemon' ? [one, two] : [two, one];
        expect(other.label).toBe('b');
        other.release();
        const third = await next();
        expect(third.label).toBe('b');
        third.release();
        await Promise.all([others[0], others[2]]);
        expect([others[1]?.state, others[3]?.state]).not.toContain('resolved');
        first.release();
        for (const _ of ['a', 'a']) (await next()).release();
        await Promise.all([held, ...others]);
      },
    );
  });
}
