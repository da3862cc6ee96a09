import { writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { everywhere, mirai, status } from '../support/library.js';
import { ended, isAlive, startProgram } from '../support/run-program.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { permissive } from './support/daemon-process.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { seen } from './support/host.js';
import { startNatsDaemon } from './support/library.js';
import { counted, expectAllSettledOnce, submitLoad } from './support/load.js';
import { launchDaemon, ownServer } from './support/own.js';

const { gate, state, values } = tasks;
const setup = (name: string) => new URL(name, import.meta.url);

describe.each(['at-least-once', 'at-most-once'] as const)('a daemon that leaves', (delivery) => {
  test(`under load, ${delivery}: no task is run twice`, { timeout: 30_000 }, async () => {
    const { url } = await startHost({ delivery });
    const load = submitLoad(4000);
    for (let left = 1; left <= 8; left++) {
      const daemon = await join(url);
      await load.reached(left * 400);
      await daemon.leave();
    }
    await join(url);
    await expectAllSettledOnce(load, 4000, 1);
  });
});

describe('a daemon that leaves with tasks that have keys', { timeout: 30_000 }, () => {
  test('loses none of them', async () => {
    const { url } = await startHost();
    const { path, lines } = notebook();
    let settled = 0;
    const all = Array.from({ length: 300 }, async (_, n) => {
      await mirai(counted.count, [path, String(n), 1], { idempotencyKey: `key ${n}` });
      settled += 1;
    });
    const done = Promise.all(all);
    for (let left = 1; left <= 4; left++) {
      const daemon = await join(url);
      await eventually(() => settled >= left * 50);
      await daemon.leave();
    }
    await join(url);
    await done;
    expect(lines()).toHaveLength(300);
  });
});

describe('a daemon that leaves while it runs a task', { timeout: 30_000 }, () => {
  test('hands over its result, which is too large for a message', async () => {
    const { url } = await startHost({}, {}, 100_000);
    const daemon = await join(url);
    const { path, next, came } = await openGate();
    const text = 'x'.repeat(1_000_000);
    await seen(1);
    await everywhere(state.setGlobal, ['large', text]);
    const task = mirai(gate.holdForGlobal, [path, 'large']);
    const { release } = await next();
    const left = daemon.leave();
    release();
    await left;
    expect(await task).toBe(text);
    expect(came).toEqual(['large']);
  });
});

describe('a daemon that leaves while it does its part of everywhere()', { timeout: 30_000 }, () => {
  test('does all of it', async () => {
    const { url } = await startHost();
    const daemon = await join(url);
    await seen(1);
    const { path, next } = await openGate();
    const all = everywhere(gate.holdAs, ['part', path]);
    const outcome = all.catch((error: unknown) => error);
    const { release } = await next();
    const left = daemon.leave();
    await eventually(() => status().daemons.every(({ state }) => state === 'leaving'));
    release('done');
    expect(await outcome).toEqual(['done']);
    await left;
  });
});

describe('a daemon whose slots fail for good', { timeout: 30_000 }, () => {
  test('gives back what it has not begun, and fails then', async () => {
    const { url } = await startHost();
    const { path } = notebook();
    const args = [...permissive(), '--setup', setup('../tasks/setup-exits-if.mjs').href];
    const daemon = await launchDaemon({ url, args, env: { MIRAI_STARTS: path } });
    // Short ones, so that it takes some ahead.
    for (let n = 0; n < 20; n++) await mirai(values.add, [n, 1]);
    writeFileSync(`${path}.broken`, '');
    const notes = notebook();
    const fatal = failure(() => mirai(counted.countAndExit, [notes.path, 'fatal']));
    const others = Array.from({ length: 5 }, (_, n) => mirai(values.add, [n, 1]));
    const results = Promise.all(others);
    await fatal;
    await eventually(() => daemon.child.exitCode !== null);
    expect([daemon.child.exitCode, daemon.output]).toEqual([1, expect.stringMatching(/^failed: /m)]);
    await join(url);
    expect(await results).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a daemon that does not come up', { timeout: 30_000 }, () => {
  test('leaves none of its slots behind', async () => {
    const { url } = await ownServer();
    const { path, lines } = notebook();
    process.env.MIRAI_STARTS = path;
    onTestFinished(() => {
      delete process.env.MIRAI_STARTS;
    });
    const options = { servers: url, concurrency: 2, setup: setup('./tasks/setup-first.mjs') };
    await failure(() => startNatsDaemon({ ...options, engine: 'processes' }));
    expect(lines()).toHaveLength(1);
    await eventually(() => !lines().map(Number).some(isAlive));
  });
});

describe('a daemon whose server is gone', { timeout: 30_000 }, () => {
  test('leaves all the same, and does not keep its process alive', async () => {
    const server = await ownServer();
    const program = startProgram('../nats/programs/leaving-daemon', [server.url]);
    const over = ended(program);
    await new Promise((resolve) => program.stdout.once('data', resolve));
    await server.kill('SIGKILL');
    program.kill('SIGTERM');
    expect(await over).toMatchObject({ code: 0, stdout: expect.stringMatching(/^left: told$/m) });
  });
});
