import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openGate } from '../support/gate.js';
import { DaemonLost, mirai, status } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';

const { gate } = tasks;
const program = fileURLToPath(new URL('../../../dist/mirai/nats/launched.js', import.meta.url));

/** A daemon as hosts launch it, and what it tells them. */
async function launch(servers: string, options: object = {}) {
  const child = fork(program, { serialization: 'advanced', execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told: string[] = [];
  child.on('message', ({ kind }: { kind: string }) => void told.push(kind));
  const all = { servers, compute: 'default', modules: ['*'], allowSource: true, ...options };
  child.send({ kind: 'start', options: all, launch: { name: 'test', stream: {} } });
  await eventually(() => told.includes('ready'));
  return { child, told };
}

describe('a launched daemon', { timeout: 30_000 }, () => {
  test('that has reached its wallTime says that it leaves when its task has ended, not before', async () => {
    const { url } = await startHost();
    const { child, told } = await launch(url, { wallTime: 500 });
    const { path, next } = await openGate();
    const task = mirai(gate.hold, [path, 'long']);
    const { release } = await next();
    await eventually(() => status().daemons.some(({ state }) => state === 'leaving'));
    expect(told).toEqual(['ready']);
    release('whole');
    expect(await task).toBe('whole');
    await eventually(() => child.exitCode !== null);
    expect(told).toEqual(['ready', 'leaving', 'left']);
  });

  test.each([
    ['at-least-once', ['run', 'run']],
    ['at-most-once', ['run']],
  ] as const)('that is ended while it runs a task of another host, %s', async (delivery, runs) => {
    const { url } = await startHost({ delivery });
    const { child } = await launch(url);
    const { path, next, came } = await openGate();
    const outcome = mirai(gate.hold, [path, 'run']).catch((error: unknown) => error);
    await next();
    await join(url);
    child.send({ kind: 'leave' });
    if (delivery === 'at-least-once') {
      (await next()).release('again');
      expect(await outcome).toBe('again');
    } else expect(await outcome).toBeInstanceOf(DaemonLost);
    await eventually(() => child.exitCode !== null);
    expect(came).toEqual(runs);
  });
});
