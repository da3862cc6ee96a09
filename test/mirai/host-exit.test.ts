import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { openGate } from './support/gate.js';
import { ended, isAlive, runProgram, startProgram } from './support/run-program.js';
import { notebook } from './support/scratch.js';
import { until } from './support/until.js';

const engines = ['threads', 'processes', 'inline'] as const;
const resultOf = (text: string, name: string) =>
  new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? `no ${name} in: ${text}`;
const pidsIn = (text: string) => resultOf(text, 'pids').split(',').map(Number);

describe.each(engines)('a host with %s', { timeout: 20_000 }, (engine) => {
  test('ends by itself after daemons(0), which leaves no handle that was not there before', async () => {
    const { code, stdout, stderr } = await runProgram('exit-after-reset', [engine]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(resultOf(stdout, 'after')).toBe(resultOf(stdout, 'before'));
  });

  test('ends by itself after its last task, without daemons(0), and its daemons with it', async () => {
    const { code, stdout, stderr } = await runProgram('exit-without-reset', [engine]);
    expect({ code, stderr, result: resultOf(stdout, 'result') }).toEqual({
      code: 0,
      stderr: '',
      result: '3',
    });
    await until(() => !pidsIn(stdout).some(isAlive));
  });

  test('is kept alive by a task that is unresolved', async () => {
    const { code, stdout } = await runProgram('exit-by-then', [engine, '1']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'result late\nexit\n' });
  });

  test('has as many listeners and handles after twenty cycles as after one', async () => {
    const { code, stdout } = await runProgram('cycles', [engine]);
    expect(code).toBe(0);
    expect(resultOf(stdout, 'last')).toBe(resultOf(stdout, 'first'));
    expect(resultOf(stdout, 'warnings')).toBe('[]');
  });

  test.each([
    ['exit', 7],
    ['throw', 1],
  ])('that ends by %s while daemons start ends', async (how, expected) => {
    expect((await runProgram('at-once', [engine, how])).code).toBe(expected);
  });
});

describe('a host without daemons', { timeout: 20_000 }, () => {
  test('is kept alive by the ephemeral daemon of a task, and no longer', async () => {
    const { code, stdout } = await runProgram('exit-by-then', ['threads', '0']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'result late\nexit\n' });
  });
});

describe.each(['threads', 'processes'] as const)(
  'a host whose %s are busy',
  { timeout: 20_000 },
  (engine) => {
    test.each([
      ['exit', 'SIGUSR2', { code: 7, signal: null }],
      ['throw', 'SIGUSR2', { code: 1, signal: null }],
      ['reject', 'SIGUSR2', { code: 1, signal: null }],
      ['sigterm', 'SIGTERM', { code: null, signal: 'SIGTERM' }],
      ['sigint', 'SIGINT', { code: null, signal: 'SIGINT' }],
      ['sigkill', 'SIGKILL', { code: null, signal: 'SIGKILL' }],
    ] as const)('ends by %s, and no daemon survives it', async (how, signal, outcome) => {
      const { path, lines } = notebook();
      const gate = await openGate();
      const child = startProgram('busy', [engine, how, path, gate.path]);
      const all = ended(child);
      const output = createInterface({ input: child.stdout });
      const [first] = (await once(output, 'line')) as [string]; // cast: lines are strings
      const pids = pidsIn(first);
      expect(new Set(pids).size).toBe(engine === 'processes' ? 3 : 1);
      await Promise.all([until(() => lines().length === 1), gate.next()]);
      child.kill(signal);
      expect(await all).toMatchObject(outcome);
      await until(() => !pids.some(isAlive));
    });
  },
);
