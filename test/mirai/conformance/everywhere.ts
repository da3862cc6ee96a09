import { describe, expect, test } from 'vitest';
import { type EngineName, testWith } from '../support/engines.js';
import { interrupted, miraiError } from '../support/failure.js';
import { openGate, type Visitor } from '../support/gate.js';
import { daemons, everywhere, isMiraiMap, launchLocal, mirai, status } from '../support/library.js';
import { pool } from '../support/pool.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { turns, until } from '../support/until.js';

const { faults, gate, notes, state, values } = tasks;

export function everywhereConforms(engine: EngineName): void {
  describe('everywhere()', () => {
    test('runs once on each daemon, and gives one result for each', async () => {
      await pool(engine, 2);
      const { path, lines } = notebook();
      const map = everywhere(notes.note, [path, 'here']);
      expect(isMiraiMap(map)).toBe(true);
      expect(await map).toEqual(['here', 'here']);
      expect(lines()).toEqual(['here', 'here']);
    });

    testWith(engine, 'globals of its own', 'leaves its traces in every daemon', async () => {
      await pool(engine, 2);
      await everywhere(state.addToGlobal, ['mark']);
      const { path, next } = await openGate();
      const held = [1, 2].map(() => mirai(gate.holdForGlobal, [path, 'mark']));
      const visitors = [await next(), await next()];
      for (const visitor of visitors) visitor.release();
      expect(await Promise.all(held)).toEqual([1, 1]);
    });

    test('is a barrier: what is submitted later starts after it has ended on all daemons', async () => {
      await pool(engine, 2);
      const { path, next, came } = await openGate();
      const { path: file, lines } = notebook();
      const before = mirai(gate.hold, [path, 'before']);
      const blocked = await next();
      const map = everywhere(gate.hold, [path, 'everywhere']);
      const after = mirai(notes.note, [file, 'after']);
      const first = await next();
      await turns(20);
      expect([came, lines()]).toEqual([['before', 'everywhere'], []]);
      blocked.release();
      const second = await next();
      first.release();
      await turns(20);
      expect(lines()).toEqual([]);
      second.release();
      await Promise.all([before, map, after]);
      expect(lines()).toEqual(['after']);
    });

    test('runs on a daemon that joins later, before its first task', async () => {
      await pool(engine, 1);
      const { path, lines } = notebook();
      await everywhere(notes.note, [path, 'everywhere']);
      const gateway = await openGate();
      const held = mirai(gate.hold, [gateway.path, 'held']);
      const visitor = await gateway.next();
      await launchLocal(1);
      expect(status().connections).toBe(2);
      await mirai(notes.note, [path, 'task']);
      expect(lines()).toEqual(['everywhere', 'everywhere', 'task']);
      visitor.release();
      await held;
    });

    testWith(
      engine,
      'a place outside of the host',
      'runs on a daemon that takes the place of a lost one',
      async () => {
        await pool(engine, 1);
        const { path, lines } = notebook();
        await everywhere(notes.note, [path, 'everywhere']);
        await mirai(faults.exit, [3]).catch(() => {});
        await mirai(notes.note, [path, 'task']);
        expect(lines()).toEqual(['everywhere', 'everywhere', 'task']);
      },
    );

    testWith(
      engine,
      'a place outside of the host',
      'does not stall when a daemon is lost in the middle',
      async () => {
        await pool(engine, 2);
        const { path, next } = await openGate();
        const { path: file, lines } = notebook();
        const map = everywhere(faults.holdOrExit, [path, 'everywhere']);
        const after = mirai(notes.note, [file, 'after']);
        const visitors = [await next(), await next()] as [Visitor, Visitor];
        visitors[0].release('exit');
        visitors[1].release('stay');
        void map.catch(() => {});
        for (let more = 0; more < 2; more++) void next().then((visitor) => visitor.release('stay'));
        expect(await after).toBe('after');
        await until(() => status().connections === 2);
        expect(lines()).toEqual(['after']);
      },
    );

    test('waits for as many daemons as min says', async () => {
      await pool(engine, 1);
      const { path, lines } = notebook();
      const map = everywhere(notes.note, [path, 'here'], { min: 2 });
      await until(() => lines().length === 1);
      await turns(20);
      const joined = launchLocal(1);
      expect(await map).toEqual(['here', 'here']);
      await joined;
    });

    test('is rejected by a reset where it still waits for daemons', async () => {
      await pool(engine, 2);
      const { path, lines } = notebook();
      const map = everywhere(notes.note, [path, 'here'], { min: 3 });
      await until(() => lines().length === 2 && status().daemons.every(({ completed }) => completed === 1));
      await daemons(0);
      await interrupted(() => map);
    });

    test('rejects when it fails on a daemon, and the daemons live on', async () => {
      await pool(engine, 2);
      const error = await miraiError(() => everywhere(tasks.errors.fail, ['HttpError']));
      expect(error.code).toBe('E_HTTP');
      expect(await Promise.all([mirai(values.add, [1, 2]), mirai(values.add, [3, 4])])).toEqual([3, 7]);
    });
  });
}
