import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { allJobsDone, collectUnhandledRejections } from '../../support/unhandled-rejections.js';
import { type EngineName, testWith } from '../support/engines.js';
import { failure, interrupted } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { MiraiTimeout, mirai, status } from '../support/library.js';
import { anyPool, heard, pool } from '../support/pool.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { until } from '../support/until.js';

const { gate, notes, self, values } = tasks;

export function cancelConforms(engine: EngineName): void {
  describe('cancelling', () => {
    test('a queued task rejects at once with the reason, never runs, and is counted', async () => {
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const { path: file, lines } = notebook();
      const held = mirai(gate.hold, [path, 'held']);
      const visitor = await next();
      await until(() => held.state === 'executing');
      const queued = mirai(notes.note, [file, 'queued']);
      const last = mirai(notes.note, [file, 'last']);
      expect([queued.state, status().mirai.awaiting]).toEqual(['awaiting', 2]);
      expect(queued.cancel('not needed')).toBe(true);
      expect([queued.state, queued.data, status().mirai.awaiting]).toEqual(['resolved', undefined, 1]);
      expect((await interrupted(() => queued)).cause).toBe('not needed');
      await heard(engine);
      visitor.release();
      await Promise.all([held, last]);
      expect(lines()).toEqual(['last']);
    });

    test('a running task is told by its signal, and its daemon takes the next', async () => {
      await pool(engine, 1, { grace: 60_000 });
      const { path, next } = await openGate();
      const running = mirai(gate.holdUntilAborted, [path, 'running']);
      const visitor = await next();
      const before = status().daemons.map(({ id }) => id);
      await until(() => running.state === 'executing');
      expect(running.cancel(new Error('enough'))).toBe(true);
      expect(running.state).toBe('resolved');
      expect((await interrupted(() => running)).cause).toMatchObject({ message: 'enough' });
      expect(await visitor.heard()).toMatch(/^aborted/);
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status().daemons.map(({ id }) => id)).toEqual(before);
    });

    test('a running task that ignores it is given up after the grace, and the queue goes on', async () => {
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const running = mirai(gate.holdForEver, [path, 'running']);
      await next();
      const after = mirai(values.add, [1, 2]);
      running.cancel();
      await interrupted(() => running);
      expect(await after).toBe(3);
      await until(() => status().connections === 1);
    });

    testWith(
      engine,
      'a stop to synchronous code',
      'an endless loop is stopped, and the queue goes on',
      async () => {
        await anyPool(engine, 1);
        const { path, lines } = notebook();
        const running = mirai(notes.noteAndSpin, [path, 'spins']);
        const after = mirai(values.add, [1, 2]);
        await until(() => lines().length === 1);
        running.cancel();
        await interrupted(() => running);
        expect(await after).toBe(3);
      },
    );

    test('a resolved task is not cancelled, nor is one that was cancelled before', async () => {
      await anyPool(engine, 1);
      const done = mirai(values.add, [1, 2]);
      await done;
      expect([done.cancel(), done.state, done.data]).toEqual([false, 'resolved', 3]);
      const failed = mirai(tasks.errors.fail, ['TypeError']);
      await failure(() => failed);
      expect(failed.cancel()).toBe(false);
      const cancelled = mirai(values.add, [1, 2]);
      expect([cancelled.cancel('first'), cancelled.cancel('second')]).toEqual([true, false]);
      expect((await interrupted(() => cancelled)).cause).toBe('first');
    });

    test('a signal that is aborted before the call rejects, and the task never runs', async () => {
      await anyPool(engine, 1);
      const { path, lines } = notebook();
      const cancelled = mirai(notes.note, [path, 'ran'], { signal: AbortSignal.abort('too late') });
      expect((await interrupted(() => cancelled)).cause).toBe('too late');
      await mirai(notes.note, [path, 'next']);
      expect(lines()).toEqual(['next']);
    });

    test('a signal cancels a queued task and a running one', async () => {
      await pool(engine, 1, { grace: 60_000 });
      const { path, next } = await openGate();
      const controller = new AbortController();
      const { signal } = controller;
      const running = mirai(gate.holdUntilAborted, [path, 'running'], { signal });
      const queued = mirai(gate.hold, [path, 'queued'], { signal });
      const visitor = await next();
      controller.abort('all of them');
      expect((await interrupted(() => running)).cause).toBe('all of them');
      expect((await interrupted(() => queued)).cause).toBe('all of them');
      expect(await visitor.heard()).toMatch(/^aborted/);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    test('a signal is forgotten when the task has ended', async () => {
      await anyPool(engine, 1);
      const controller = new AbortController();
      const { signal } = controller;
      const done = mirai(values.add, [1, 2], { signal });
      const failed = mirai(tasks.errors.fail, ['TypeError'], { signal });
      await done;
      await failure(() => failed);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      controller.abort();
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test('the timeout of a queued task rejects with MiraiTimeout, and it never runs', async () => {
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const { path: file, lines } = notebook();
      const held = mirai(gate.hold, [path, 'held']);
      const visitor = await next();
      await until(() => held.state === 'executing');
      const queued = mirai(notes.note, [file, 'queued'], { timeout: 20 });
      const error = await failure(() => queued);
      expect(error).toBeInstanceOf(MiraiTimeout);
      expect(error).toMatchObject({ code: 'miraiTimeout', name: 'MiraiTimeout' });
      expect([queued.state, queued.cancel(), status().mirai.awaiting]).toEqual(['resolved', false, 0]);
      await heard(engine);
      visitor.release();
      await held;
      await mirai(notes.note, [file, 'next']);
      expect(lines()).toEqual(['next']);
    });

    test('the timeout of a running task aborts its signal', async () => {
      await pool(engine, 1, { grace: 60_000 });
      await mirai(values.add, [1, 2]);
      const { path, next } = await openGate();
      const running = mirai(gate.holdUntilAborted, [path, 'running'], { timeout: 300 });
      const error = failure(() => running);
      const visitor = await next();
      expect(await error).toBeInstanceOf(MiraiTimeout);
      expect(await visitor.heard()).toMatch(/^aborted/);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    testWith(engine, 'a stop to synchronous code', 'the timeout of an endless loop stops it', async () => {
      await anyPool(engine, 1);
      const error = await failure(() =>
        mirai(
          () => {
            for (;;);
          },
          [],
          { timeout: 100 },
        ),
      );
      expect(error).toBeInstanceOf(MiraiTimeout);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test('a task that ends in time leaves no timeout behind', async () => {
      await anyPool(engine, 1);
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const before = timers();
      await Promise.all([1, 2, 3].map((n) => mirai(values.echo, [n], { timeout: 1_000_000 })));
      await until(() => timers() <= before);
    });

    test('a late cancel never hits the next task', async () => {
      await anyPool(engine, 1);
      for (let round = 0; round < 100; round++) {
        const first = mirai(notes.noteAfterTurns, ['/dev/null', 'first', round % 5]);
        const second = mirai(self.idAndSignal, [round]);
        const third = mirai(self.idAndSignal, [round]);
        const outcome = first.then(
          () => 'done',
          ({ code }: { code: string }) => code,
        );
        for (let turn = 0; turn < round % 7; turn++) await allJobsDone();
        const hit = first.cancel();
        expect(await outcome).toBe(hit ? 'miraiInterrupt' : 'done');
        expect(await Promise.all([second, third])).toEqual([
          [second.id, false, round],
          [third.id, false, round],
        ]);
      }
    });

    test('a cancelled task never makes an unhandled rejection; a failed one does', async () => {
      const reasons = collectUnhandledRejections();
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const running = mirai(gate.holdForEver, [path, 'running']);
      const queued = mirai(values.add, [1, 2]);
      await next();
      queued.cancel();
      running.cancel();
      await mirai(values.add, [1, 2]);
      await allJobsDone();
      expect(reasons).toEqual([]);
      const failed = mirai(tasks.errors.fail, ['TypeError']);
      await until(() => failed.state === 'resolved' && reasons.length > 0);
      expect(reasons).toEqual([expect.objectContaining({ name: 'TypeError' })]);
    });
  });
}
