import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openGate } from '../support/gate.js';
import { daemons, mirai, status } from '../support/library.js';
import { isAlive, startProgram } from '../support/run-program.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { eventually } from './support/eventually.js';
import { ackWait, seen } from './support/host.js';
import { nats } from './support/library.js';
import { launchDaemon, ownServer } from './support/own.js';

const { gate, values } = tasks;
const pids = () => status().daemons.map(({ pid }) => pid);

/** Daemons that the host of the test has launched. */
async function launched(n: number): Promise<string> {
  const { url } = await ownServer();
  onTestFinished(async () => {
    await daemons(0);
  });
  await daemons(n, { engine: nats({ servers: url, ackWait }) });
  await seen(n);
  return url;
}

describe('daemons that a host has launched', { timeout: 60_000 }, () => {
  test('are replaced when they are killed, and their tasks run again', async () => {
    await launched(2);
    const { path, next } = await openGate();
    const task = mirai(gate.hold, [path, 'held']);
    const { pid } = await next();
    process.kill(pid, 'SIGKILL');
    const { pid: other, release } = await next();
    expect(other).not.toBe(pid);
    release('again');
    expect(await task).toBe('again');
    await eventually(() => pids().length === 2 && !pids().includes(pid));
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });

  test('end when their host is killed, whatever they do', async () => {
    const { url } = await ownServer();
    const { path, lines } = notebook();
    const host = startProgram('../nats/programs/launching-host', [url, path]);
    const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string]; // cast: lines are strings
    const its = JSON.parse(line) as number[]; // cast: the program prints it
    expect([its.length, its.every(isAlive)]).toEqual([2, true]);
    await eventually(() => lines().length === 1);
    host.kill('SIGKILL');
    await eventually(() => !its.some(isAlive));
  });

  test('end with daemons(0), while those that were started elsewhere live on', async () => {
    const url = await launched(1);
    const elsewhere = await launchDaemon({ url });
    await seen(2);
    const own = pids().filter((pid) => pid !== elsewhere.pid);
    await daemons(0);
    await eventually(() => !own.some(isAlive));
    expect(isAlive(elsewhere.pid)).toBe(true);
  });

  test('end with daemons(0) when their server is gone', async () => {
    const { url, kill } = await ownServer();
    onTestFinished(async () => {
      await daemons(0);
    });
    await daemons(2, { engine: nats({ servers: url }) });
    const its = pids();
    await kill('SIGKILL');
    await daemons(0);
    await eventually(() => !its.some(isAlive));
  });
});
