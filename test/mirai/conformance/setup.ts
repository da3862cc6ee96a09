import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type EngineName, testWith } from '../support/engines.js';
import { failure, miraiError } from '../support/failure.js';
import { daemons, daemonsSet, mirai } from '../support/library.js';
import { serverOf } from '../support/nats-engine.js';
import { engineOf, pool } from '../support/pool.js';
import { runProgram } from '../support/run-program.js';
import { tasks } from '../support/tasks.js';

const { state, values } = tasks;
const at = (name: string) => new URL(`../tasks/${name}.mjs`, import.meta.url);

export function setupConforms(engine: EngineName): void {
  describe('setup', () => {
    test.each([
      ['a URL', at('setup')],
      ['the text of a URL', at('setup').href],
      ['an absolute path', fileURLToPath(at('setup'))],
    ])('%s is loaded before the first task', async (_, setup) => {
      await pool(engine, 1, { setup });
      expect(await mirai(state.getGlobal, ['setUp'])).toBe('done');
    });

    testWith(
      engine,
      'globals of its own',
      'is loaded once in each daemon, those that come later too',
      async () => {
        await pool(engine, 1, { setup: at('setup'), maxTasks: 2 });
        const counts = Promise.all(Array.from({ length: 6 }, () => mirai(state.getGlobal, ['setUps'])));
        expect(await counts).toEqual([1, 1, 1, 1, 1, 1]);
      },
    );

    test('a relative path is a TypeError', async () => {
      const error = await failure(() => daemons(1, { engine: engineOf(engine), setup: './setup.mjs' }));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toMatch(/^TypeError: daemons: options\.setup must be /);
      expect(daemonsSet()).toBe(false);
    });

    test.each([
      ['throws', at('setup-throws'), /set up failed/],
      ['is not there', at('no-such-setup'), /no-such-setup/],
    ])('a module that %s rejects daemons() with a MiraiError, and sets none', async (_, setup, text) => {
      const error = await miraiError(() => pool(engine, 2, { setup }));
      expect(error.message).toMatch(text);
      expect(daemonsSet()).toBe(false);
      await pool(engine, 1);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });
  });

  describe('output', () => {
    testWith(engine, 'an output of its own', 'goes to that of the host in whole lines, marked', async () => {
      const { code, stdout, stderr } = await runProgram('output', [engine, 'true', ...serverOf(engine)]);
      expect(code).toBe(0);
      for (const text of [stdout, stderr]) {
        const lines = text.split('\n').filter((line) => /[ab]\d/.test(line));
        expect(lines).toHaveLength(20);
        const marks = lines.map((line) => line.replace(/[ab]\d.*$/, ''));
        expect(lines.every((line) => /[ab]\d, the whole of it$/.test(line))).toBe(true);
        expect(new Set(marks).size).toBe(2);
        expect(marks.every((mark) => /\d/.test(mark))).toBe(true);
      }
    });

    testWith(engine, 'an output of its own', 'goes nowhere unless it is asked for', async () => {
      const { code, stdout, stderr } = await runProgram('output', [engine, 'false', ...serverOf(engine)]);
      expect([code, `${stdout}${stderr}`.includes('the whole of it')]).toEqual([0, false]);
    });
  });
}
