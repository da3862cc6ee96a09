import { describe, expect, test } from 'vitest';
import { allJobsDone, collectUnhandledRejections } from '../support/unhandled-rejections.js';
import { failure, interrupted, miraiError } from './support/failure.js';
import { openGate } from './support/gate.js';
import {
  DaemonLost,
  daemonsSet,
  everywhere,
  MiraiTimeout,
  mirai,
  miraiMap,
  NoDaemons,
  requireDaemons,
  status,
  tryMirai,
} from './support/library.js';
import { notebook } from './support/scratch.js';
import { tasks } from './support/tasks.js';

const { errors, faults, gate, notes, values } = tasks;

describe('without daemons', { timeout: 15_000 }, () => {
  test('mirai() runs its task in a daemon of its own, which is gone afterwards', async () => {
    const task = mirai(values.add, [1, 2]);
    expect(await task).toBe(3);
    expect([task.state, task.data, task.cancel()]).toEqual(['resolved', 3, false]);
    const places = await Promise.all([1, 2, 3].map(() => mirai(notes.place, [])));
    expect(new Set(places).size).toBe(3);
    expect(places).not.toContain(`${process.pid}:0`);
    expect([daemonsSet(), status().connections]).toEqual([false, 0]);
  });

  test('tryMirai() does so too', async () => {
    expect(await tryMirai(values.add, [1, 2])).toBe(3);
  });

  test('errors, a lost daemon, a timeout and a cancelled task are what they are elsewhere', async () => {
    expect(await miraiError(() => mirai(errors.fail, ['HttpError']))).toMatchObject({ code: 'E_HTTP' });
    expect(await failure(() => mirai(faults.exit, [3]))).toBeInstanceOf(DaemonLost);
    const { path, next } = await openGate();
    expect(await failure(() => mirai(gate.holdForEver, [path, 'held'], { timeout: 50 }))).toBeInstanceOf(
      MiraiTimeout,
    );
    const running = mirai(gate.hold, [path, 'running']);
    for (let visitor = await next(); visitor.label !== 'running'; ) visitor = await next();
    expect(running.cancel('enough')).toBe(true);
    expect((await interrupted(() => running)).cause).toBe('enough');
  });

  test('one that is cancelled at once never runs, nor is it an unhandled rejection', async () => {
    const reasons = collectUnhandledRejections();
    const { path, lines } = notebook();
    const task = mirai(notes.note, [path, 'ran']);
    expect(task.cancel()).toBe(true);
    await mirai(notes.note, [path, 'next']);
    await allJobsDone();
    expect([lines(), reasons]).toEqual([['next'], []]);
  });

  test('all else throws NoDaemons', async () => {
    for (const start of [
      () => miraiMap([1], values.echo),
      () => everywhere(values.echo, [1]),
      () => requireDaemons(),
    ]) {
      const error = await failure(start);
      expect(error).toBeInstanceOf(NoDaemons);
      expect(error).toMatchObject({ code: 'noDaemons', name: 'NoDaemons' });
    }
  });
});
