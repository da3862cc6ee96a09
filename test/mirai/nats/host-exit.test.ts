import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { ended, isAlive, runProgram, startProgram } from '../support/run-program.js';
import { join } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { ownServer } from './support/own.js';

const program = '../nats/programs/idle-host';

describe.each([
  ['at least once', {}],
  ['at most once', { delivery: 'at-most-once' }],
  ['with durable tasks', { durable: true }],
])('a host %s that nothing resets', { timeout: 20_000 }, (_name, options) => {
  const given = JSON.stringify(options);

  test('ends by itself when it has nothing to wait for', async () => {
    const { url } = await ownServer();
    const { code, stdout } = await runProgram(program, [url, given, '0']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pids \nexit\n' });
  });

  test('is kept alive by a task, and no longer', async () => {
    const { url } = await ownServer();
    const host = startProgram(program, [url, given, '0', 'late']);
    const all = ended(host);
    await once(createInterface({ input: host.stdout }), 'line');
    await join(url);
    expect(await all).toMatchObject({ code: 0, stdout: 'pids \nresult late\nexit\n' });
  });
});

describe('a host with daemons of its own that nothing resets', { timeout: 20_000 }, () => {
  test('ends by itself after its last task, and they end with it', async () => {
    const { url } = await ownServer();
    const { code, stdout } = await runProgram(program, [url, '{}', '2', 'late']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/\nresult late\nexit\n$/) });
    const pids = stdout.split('\n')[0]?.match(/\d+/g)?.map(Number) ?? [];
    expect(pids).toHaveLength(2);
    await eventually(() => !pids.some(isAlive));
  });
});

describe('a host whose connection was lost', { timeout: 20_000 }, () => {
  test('ends by itself when its task is done, once it is connected again', async () => {
    const server = await ownServer();
    const host = startProgram(program, [server.url, '{}', '0', 'late']);
    const all = ended(host);
    await once(createInterface({ input: host.stdout }), 'line');
    await server.restart();
    await join(server.url);
    expect(await all).toMatchObject({ code: 0, stdout: expect.stringMatching(/^result late\nexit$/m) });
  });
});
