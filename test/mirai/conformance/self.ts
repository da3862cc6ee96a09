import { describe, expect, test } from 'vitest';
import { type EngineName, testWith } from '../support/engines.js';
import { currentTask, everywhere, mirai, onDaemon } from '../support/library.js';
import { pool, sharedPool } from '../support/pool.js';
import { scratchFolder } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';

const { notes, self, state } = tasks;
const draws = 5;

/** What each of eight tasks draws, and a second list of what they draw by `currentTask().random()`. */
async function drawn(engine: EngineName, n: number, seed?: number) {
  await pool(engine, n, seed === undefined ? {} : { seed });
  const lists = await Promise.all(Array.from({ length: 8 }, () => mirai(self.randoms, [draws])));
  const own = await Promise.all(Array.from({ length: 8 }, () => mirai(self.ownRandoms, [draws])));
  return [...lists, ...own];
}

export function selfConforms(engine: EngineName): void {
  describe('inside a task', () => {
    sharedPool(engine, 1, { compute: 'inside' });
    const compute = 'inside';

    test('currentTask() is the task, and nothing outside of one', async () => {
      expect(currentTask()).toBeUndefined();
      const task = mirai(self.whoAmI, [], { compute });
      expect(await task).toMatchObject({ id: task.id, aborted: false, recording: false, onDaemon: true });
      expect(currentTask()).toBeUndefined();
    });

    test('currentTask() is still the task after turns of the event loop', async () => {
      const all = [1, 2, 3].map((count) => mirai(self.idAfterTurns, [count], { compute }));
      expect(await Promise.all(all)).toEqual(all.map(({ id }) => id));
    });

    test('onDaemon() is true in a task only', async () => {
      expect(onDaemon()).toBe(false);
      expect(await mirai(self.whoAmI, [], { compute })).toMatchObject({ onDaemon: true });
      expect(onDaemon()).toBe(false);
    });

    testWith(engine, 'a thread of its own', 'it is another thread of the host', async () => {
      const [pid, threadId] = (await mirai(notes.place, [], { compute })).split(':').map(Number);
      expect(pid).toBe(process.pid);
      expect(threadId).toBeGreaterThan(0);
    });

    testWith(engine, 'a process of its own', 'it is the main thread of another process', async () => {
      const [pid, threadId] = (await mirai(notes.place, [], { compute })).split(':').map(Number);
      expect(pid).not.toBe(process.pid);
      expect(threadId).toBe(0);
    });
  });

  describe('seed', () => {
    test('gives the same numbers however many daemons there are, each task its own, and other seeds others', async () => {
      const seven = await drawn(engine, 1, 7);
      expect(await drawn(engine, 3, 7)).toEqual(seven);
      const all = [seven, await drawn(engine, 1, 8), await drawn(engine, 1), await drawn(engine, 1)].flat(2);
      expect(new Set(all).size).toBe(all.length);
      expect(all.every((number) => number >= 0 && number < 1)).toBe(true);
    });
  });

  describe('cleanup', () => {
    testWith(engine, 'globals of its own', 'takes global variables away that a task has left', async () => {
      await pool(engine, 1, { cleanup: true });
      await mirai(state.setGlobal, ['left', 1]);
      await mirai(state.setGlobal, ['Map', 1]);
      expect(await mirai(state.getGlobal, ['left'])).toBeUndefined();
      expect(await mirai((() => typeof Map) as () => string, [])).toBe('function');
    });

    testWith(engine, 'globals of its own', 'does not happen unless it is asked for', async () => {
      await pool(engine, 1);
      await mirai(state.setGlobal, ['left', 1]);
      expect(await mirai(state.getGlobal, ['left'])).toBe(1);
    });

    testWith(engine, 'an environment of its own', 'restores environment variables', async () => {
      await pool(engine, 1, { cleanup: true });
      await mirai(state.setEnvironment, ['MIRAI_LEFT', 'x']);
      await mirai(state.setEnvironment, ['PATH', 'nowhere']);
      expect(await mirai(state.getEnvironment, ['MIRAI_LEFT'])).toBeUndefined();
      expect(await mirai(state.getEnvironment, ['PATH'])).toBe(process.env.PATH);
      expect(process.env.MIRAI_LEFT).toBeUndefined();
    });

    testWith(engine, 'a working directory of its own', 'restores the working directory', async () => {
      await pool(engine, 1, { cleanup: true });
      await mirai(state.changeFolder, [scratchFolder()]);
      expect(await mirai(state.folder, [])).toBe(process.cwd());
    });

    testWith(engine, 'globals of its own', 'keeps what everywhere() has set', async () => {
      await pool(engine, 1, { cleanup: true });
      await everywhere(state.setGlobal, ['kept', 'everywhere']);
      await everywhere(state.setEnvironment, ['MIRAI_KEPT', 'everywhere']);
      await mirai(state.setGlobal, ['kept', 'changed']);
      await mirai(state.setEnvironment, ['MIRAI_KEPT', 'changed']);
      expect(await mirai(state.getGlobal, ['kept'])).toBe('everywhere');
      expect(await mirai(state.getEnvironment, ['MIRAI_KEPT'])).toBe('everywhere');
    });
  });
}
