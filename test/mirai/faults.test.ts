import { describe, expect, test } from 'vitest';
import { allJobsDone } from '../support/unhandled-rejections.js';
import type { EngineName } from './support/engines.js';
import { failure, interrupted } from './support/failure.js';
import { openGate, type Visitor } from './support/gate.js';
import { DaemonLost, daemons, MiraiTimeout, mirai, status } from './support/library.js';
import { pool } from './support/pool.js';
import { isAlive } from './support/run-program.js';
import { notebook } from './support/scratch.js';
import { tasks } from './support/tasks.js';
import { until } from './support/until.js';

const { faults, gate, notes, values } = tasks;
const numbers = Array.from({ length: 20 }, (_, n) => n);

async function lost(start: () => unknown): Promise<Error> {
  const error = await failure(start);
  expect(error).toBeInstanceOf(DaemonLost);
  expect(error).toMatchObject({ code: 'daemonLost', name: 'DaemonLost' });
  return error as Error; // cast: it is
}

/** Whatever happened: as many daemons as before, none of them twice, nothing left behind, and all of them take tasks. */
async function expectWhole(n: number) {
  await until(() => status().connections === n && status().daemons.every(({ state }) => state === 'idle'));
  expect(new Set(status().daemons.map(({ id }) => id)).size).toBe(n);
  expect(status()).toMatchObject({ mirai: { awaiting: 0, executing: 0 }, memory: { used: 0 } });
  const { path, next } = await openGate();
  const held = Array.from({ length: n }, () => mirai(gate.hold, [path, 'held']));
  const visitors: Visitor[] = [];
  for (const _ of held) visitors.push(await next());
  expect(new Set(visitors.map(({ pid, threadId }) => `${pid}:${threadId}`)).size).toBe(n);
  for (const visitor of visitors) visitor.release('fine');
  expect(await Promise.all(held)).toEqual(held.map(() => 'fine'));
}

describe.each(['threads', 'processes'] as const)('on %s', { timeout: 20_000 }, (engine: EngineName) => {
  test.each([
    ['process.exit(0)', () => mirai(faults.exit, [0])],
    ['process.exit(3)', () => mirai(faults.exit, [3])],
    ['process.exit() in a function task', () => mirai(() => process.exit(3), [])],
    ['an uncaught exception in a timer', () => mirai(faults.throwInTimer, ['in a timer'])],
  ])('%s loses the daemon and its task; the queue is untouched, and runs once', async (_, start) => {
    await pool(engine, 1);
    const { path, lines } = notebook();
    const task = start();
    const queued = numbers.map((n) => mirai(notes.note, [path, String(n)]));
    await lost(() => task);
    expect([task.state, task.cancel()]).toEqual(['resolved', false]);
    expect(await Promise.all(queued)).toEqual(numbers.map(String));
    expect(lines()).toEqual(numbers.map(String));
    await expectWhole(1);
    expect(status().daemons.map(({ id }) => id)).toEqual([2]);
  });

  test.each([0, 3])('process.exit(%i) after a while, of both daemons at a time', async (code) => {
    await pool(engine, 2);
    const { path, next } = await openGate();
    const { path: file, lines } = notebook();
    const running = [1, 2].map(() => mirai(faults.exitLater, [path, code]));
    const queued = numbers.map((n) => mirai(notes.note, [file, String(n)]));
    const both = [await next(), await next()];
    for (const visitor of both) visitor.release();
    await Promise.all(running.map((task) => lost(() => task)));
    await Promise.all(queued);
    expect([...lines()].sort()).toEqual(numbers.map(String).sort());
    await expectWhole(2);
  });

  test('tasks that were sent ahead behind one that loses the daemon run, and run once', async () => {
    await pool(engine, 1);
    const { path, lines } = notebook();
    for (let round = 0; round < 3; round++) {
      await Promise.all(numbers.map(() => mirai(faults.noteSeldomDie, ['short', '/dev/null'])));
    }
    const task = mirai(faults.noteSeldomDie, ['exit', path]);
    const behind = numbers.map((n) => mirai(faults.noteSeldomDie, [String(n), path]));
    await lost(() => task);
    expect(await Promise.all(behind)).toEqual(numbers.map(String));
    expect(lines()).toEqual(numbers.map(String));
    await expectWhole(1);
  });

  test('an endless loop in a task that was short before ends when it is cancelled', async () => {
    await pool(engine, 1);
    const { path, lines } = notebook();
    await Promise.all(numbers.map(() => mirai(faults.noteSeldomDie, ['short', '/dev/null'])));
    const task = mirai(faults.noteSeldomDie, ['spin', path]);
    const behind = numbers.map((n) => mirai(faults.noteSeldomDie, [String(n), '/dev/null']));
    await until(() => lines().length === 1);
    task.cancel();
    await interrupted(() => task);
    expect(await Promise.all(behind)).toEqual(numbers.map(String));
    await expectWhole(1);
  });

  test('a daemon that is lost holds up no task of the other', async () => {
    await pool(engine, 2);
    const { path, next } = await openGate();
    const held = mirai(gate.hold, [path, 'held']);
    const visitor = await next();
    await lost(() => mirai(faults.exit, [3]));
    expect(await mirai(values.add, [1, 2])).toBe(3);
    visitor.release('result');
    expect(await held).toBe('result');
    await expectWhole(2);
  });

  test('one that runs out of memory is lost', async () => {
    await pool(engine, 1, { resourceLimits: { maxOldGenerationSizeMb: 32 } });
    const task = mirai(faults.runOutOfMemory, []);
    const queued = mirai(values.add, [1, 2]);
    await lost(() => task);
    expect(await queued).toBe(3);
    await expectWhole(1);
  });

  test('an uncaught exception is the cause', async () => {
    await pool(engine, 1);
    const error = await lost(() => mirai(faults.throwInTimer, ['in a timer']));
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.cause).toMatchObject({ name: 'RangeError', message: 'in a timer' });
  });

  test('an unhandled rejection that a task leaves is a warning of the host, and the daemon lives on', async () => {
    await pool(engine, 1);
    const warnings: Error[] = [];
    const listen = (warning: Error) => void (warning.name === 'MiraiWarning' && warnings.push(warning));
    process.on('warning', listen);
    expect(await mirai(faults.leaveRejection, ['left behind'])).toBe('returned');
    await until(() => warnings.length === 1);
    process.off('warning', listen);
    expect(String(warnings[0]?.message)).toContain('left behind');
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(status().daemons.map(({ id }) => id)).toEqual([1]);
  });

  test.each([
    ['from its first statement on', () => notes.noteAndSpin, () => 'note'],
    ['after an await', () => gate.spin, () => 'gate'],
  ])('an endless loop %s ends when it is cancelled, timed out, or reset', async (_, task, where) => {
    const { path: door, next } = await openGate();
    for (const how of ['cancel', 'timeout', 'reset']) {
      await pool(engine, 1);
      const { path, lines } = notebook();
      const options = how === 'timeout' ? { timeout: 300 } : {};
      const running = mirai(task() as typeof gate.spin, [where() === 'gate' ? door : path, 'spins'], options);
      const error = failure(() => running);
      if (where() === 'gate') await next();
      else await until(() => lines().length === 1);
      const queued = mirai(values.add, [1, 2]);
      const [pid = 0] = status()
        .daemons.filter(({ state }) => state === 'executing')
        .map((daemon) => daemon.pid);
      if (how === 'cancel') running.cancel();
      if (how === 'reset') {
        void queued.catch(() => {});
        await daemons(0);
        await interrupted(() => running);
        if (engine === 'processes') expect(isAlive(pid)).toBe(false);
        continue;
      }
      if (how === 'cancel') await interrupted(() => running);
      else expect(await error).toBeInstanceOf(MiraiTimeout);
      expect(await queued).toBe(3);
      await expectWhole(1);
    }
  });

  test('a task that returns after it was cancelled is forgotten', async () => {
    await pool(engine, 1, { grace: 60_000 });
    const { path, next } = await openGate();
    const running = mirai(gate.hold, [path, 'running']);
    const visitor = await next();
    running.cancel();
    await interrupted(() => running);
    const queued = mirai(values.echo, ['mine']);
    visitor.release('not yours');
    expect(await queued).toBe('mine');
    expect(running.data).toBeUndefined();
    await expectWhole(1);
    expect(status().daemons.map(({ id }) => id)).toEqual([1]);
  });

  test('a task that is cancelled while its daemon dies is cancelled', async () => {
    await pool(engine, 1);
    const { path, next } = await openGate();
    const running = mirai(faults.exitLater, [path, 3]);
    const visitor = await next();
    visitor.release();
    running.cancel();
    await interrupted(() => running);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    await allJobsDone();
    await expectWhole(1);
  });

  test.each([
    [0, 1],
    [2, 3],
  ])('retries: %i runs a task whose daemon dies %i times at most', async (retries, runs) => {
    await pool(engine, 1, { retries });
    const { path, lines } = notebook();
    const task = mirai(faults.noteAndDie, [path, 'dies', 10]);
    const queued = mirai(notes.note, [path, 'queued']);
    await lost(() => task);
    await queued;
    expect(lines().filter((line) => line === 'dies')).toHaveLength(runs);
    expect(lines().filter((line) => line === 'queued')).toHaveLength(1);
    await expectWhole(1);
  });

  test('retries: the first run that ends gives the result, and a failure is not tried again', async () => {
    await pool(engine, 1, { retries: 3 });
    const { path, lines } = notebook();
    expect(await mirai(faults.noteAndDie, [path, 'dies', 2])).toBe(3);
    expect(await failure(() => mirai(notes.noteOrFail, ['fail', path]))).toMatchObject({ message: 'failed' });
    expect(lines()).toEqual(['dies', 'dies', 'dies', 'fail']);
    await expectWhole(1);
  });

  test('respawn: false leaves the place of a lost daemon empty', async () => {
    await pool(engine, 2, { respawn: false });
    await lost(() => mirai(faults.exit, [3]));
    expect(await Promise.all(numbers.map((n) => mirai(values.add, [n, 1])))).toEqual(
      numbers.map((n) => n + 1),
    );
    expect(status()).toMatchObject({ connections: 1, daemons: [{ state: expect.any(String) }] });
  });

  test('many tasks that lose their daemons leave the pool whole', async () => {
    await pool(engine, 2);
    const { path, lines } = notebook();
    const all = Array.from({ length: 18 }, (_, n) =>
      n % 3 ? mirai(notes.note, [path, String(n)]) : mirai(faults.exit, [n % 2]),
    );
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map(({ status: outcome }) => outcome)).toEqual(
      all.map((_, n) => (n % 3 ? 'fulfilled' : 'rejected')),
    );
    expect(lines()).toHaveLength(12);
    await expectWhole(2);
  });
});
