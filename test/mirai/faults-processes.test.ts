import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import { openGate } from './support/gate.js';
import { DaemonLost, daemons, mirai, status } from './support/library.js';
import { pool } from './support/pool.js';
import { isAlive } from './support/run-program.js';
import { notebook } from './support/scratch.js';
import { tasks } from './support/tasks.js';
import { until } from './support/until.js';

const { faults, gate, notes, state, values } = tasks;
const ids = () => status().daemons.map(({ id }) => id);
const pids = () => status().daemons.map(({ pid }) => pid);

describe('on processes alone', { timeout: 20_000 }, () => {
  test.each(['SIGKILL', 'SIGSEGV'] as const)(
    '%s of one that is idle: it is replaced, and nothing is lost',
    async (signal) => {
      await pool('processes', 2);
      const [first = 0, second] = pids();
      process.kill(first, signal);
      const { path, lines } = notebook();
      const all = Array.from({ length: 20 }, (_, n) => mirai(notes.note, [path, String(n)]));
      await Promise.allSettled(all);
      await until(() => status().connections === 2 && !pids().includes(first));
      expect(pids()).toContain(second);
      expect(new Set(lines()).size).toBe(lines().length);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    },
  );

  test('SIGKILL of all that are idle: tasks that come later run', async () => {
    await pool('processes', 2);
    const before = pids();
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await until(() => before.every((pid) => !pids().includes(pid)));
    expect(await mirai(values.add, [1, 2])).toBe(3);
    await until(() => status().connections === 2);
    expect(before.some(isAlive)).toBe(false);
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    '%s of one that is at work loses its task only',
    async (signal) => {
      await pool('processes', 1);
      const { path, next } = await openGate();
      const running = mirai(gate.hold, [path, 'running']);
      const queued = mirai(values.add, [1, 2]);
      const { pid } = await next();
      expect(pids()).toEqual([pid]);
      process.kill(pid, signal);
      const error = await failure(() => running);
      expect(error).toBeInstanceOf(DaemonLost);
      expect(String(error)).toContain(signal);
      expect(await queued).toBe(3);
      expect(ids()).toEqual([2]);
    },
  );

  test('SIGKILL of several that are at work at a time', async () => {
    await pool('processes', 3);
    const { path, next } = await openGate();
    const running = [1, 2, 3].map(() => mirai(gate.hold, [path, 'running']));
    const { path: file, lines } = notebook();
    const queued = Array.from({ length: 10 }, (_, n) => mirai(notes.note, [file, String(n)]));
    const visitors = [await next(), await next(), await next()];
    for (const { pid } of visitors) process.kill(pid, 'SIGKILL');
    const errors = await Promise.all(running.map((task) => failure(() => task)));
    for (const error of errors) expect(error).toBeInstanceOf(DaemonLost);
    await Promise.all(queued);
    expect(lines()).toHaveLength(10);
    await until(() => status().connections === 3);
  });

  test('process.abort() loses the daemon and its task', async () => {
    await pool('processes', 1);
    const task = mirai(faults.abort, []);
    const queued = mirai(values.add, [1, 2]);
    const error = await failure(() => task);
    expect(error).toBeInstanceOf(DaemonLost);
    expect(String(error)).toContain('SIGABRT');
    expect(await queued).toBe(3);
    expect(ids()).toEqual([2]);
  });

  test('a loop that is interrupted leaves the daemon alive, with what it knows', async () => {
    await pool('processes', 1);
    await mirai(state.setGlobal, ['known', 42]);
    const [pid] = pids();
    const { path, lines } = notebook();
    const running = mirai(notes.noteAndSpin, [path, 'spins']);
    void running.catch(() => {});
    await until(() => lines().length === 1);
    running.cancel();
    expect(await mirai(state.getGlobal, ['known'])).toBe(42);
    expect([pids(), ids()]).toEqual([[pid], [1]]);
  });

  test('daemons(0) leaves no process, idle, at work or in a loop', async () => {
    await pool('processes', 3);
    const before = pids();
    const { path, next } = await openGate();
    const { path: file, lines } = notebook();
    const running = [mirai(gate.holdForEver, [path, 'held']), mirai(notes.noteAndSpin, [file, 'spins'])];
    for (const task of running) void task.catch(() => {});
    await next();
    await until(() => lines().length === 1);
    expect(before.every(isAlive)).toBe(true);
    await daemons(0);
    expect(before.map(isAlive)).toEqual([false, false, false]);
  });
});
