import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { freePort } from '../support/free-port.js';
import { openGate } from '../support/gate.js';
import { DaemonLost, daemons, mirai, status } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { connectHost, seen } from './support/host.js';
import { nats, natsStatus } from './support/library.js';
import { expectAllSettledOnce, submitLoad } from './support/load.js';
import { launchDaemon, ownServer } from './support/own.js';

const { gate, values } = tasks;

describe('a server that is restarted', { timeout: 60_000 }, () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'by %s under load: 2,000 tasks settle once each, with their own results',
    async (signal) => {
      const server = await ownServer();
      await launchDaemon({ url: server.url });
      await launchDaemon({ url: server.url });
      await connectHost({ servers: server.url });
      const load = submitLoad(2000, (n) => n % 3);
      for (const count of [200, 800]) {
        await load.reached(count);
        await server.kill(signal);
        await server.restart();
      }
      await expectAllSettledOnce(load, 2000, 5);
      expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 2000, failed: 0 });
    },
  );

  test('while a task runs: it runs on, once, and its result arrives', async () => {
    const server = await ownServer();
    await launchDaemon({ url: server.url });
    await connectHost({ servers: server.url });
    const { path, next, came } = await openGate();
    const task = mirai(gate.hold, [path, 'running']);
    const visitor = await next();
    await server.restart();
    visitor.release('done');
    expect(await task).toBe('done');
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(came).toEqual(['running']);
  });

  test('tasks that are submitted while it is away run when it is back', async () => {
    const server = await ownServer();
    await launchDaemon({ url: server.url });
    await connectHost({ servers: server.url });
    expect(await mirai(values.add, [1, 2])).toBe(3);
    await server.kill('SIGKILL');
    const load = submitLoad(50);
    await server.restart();
    await expectAllSettledOnce(load, 50, 5);
  });

  test('whose stream was in memory: what has not settled does so, by its result or by an error', async () => {
    const server = await ownServer();
    await connectHost({ servers: server.url, storage: 'memory' });
    await launchDaemon({ url: server.url });
    const load = submitLoad(300, () => 5);
    await load.reached(20);
    await server.restart();
    const outcomes = await load.outcomes;
    expect(outcomes).toHaveLength(300);
    expect(load.settled()).toBe(300);
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });

  test('daemons and their slots are seen again afterwards', async () => {
    const server = await ownServer();
    const { pid } = await launchDaemon({ url: server.url });
    await connectHost({ servers: server.url });
    await seen(1);
    await server.restart();
    expect(await mirai(values.add, [1, 2])).toBe(3);
    await seen(1);
    const { daemons: there } = await natsStatus({ servers: server.url });
    expect(there.map((daemon) => daemon.pid)).toEqual([pid]);
  });

  test('with at-most-once, no task runs twice, and those that it lost reject with DaemonLost', async () => {
    const server = await ownServer();
    await launchDaemon({ url: server.url });
    await connectHost({ servers: server.url, delivery: 'at-most-once' });
    const load = submitLoad(300, () => 2);
    await load.reached(50);
    await server.kill('SIGKILL');
    await server.restart();
    const outcomes = await load.outcomes;
    for (const [n, outcome] of outcomes.entries())
      if (outcome !== String(n)) expect(outcome).toBeInstanceOf(DaemonLost);
    expect(Math.max(...load.runs().values())).toBe(1);
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });
});

describe('without a server', { timeout: 30_000 }, () => {
  test('daemons() rejects, and names the address', async () => {
    const port = await freePort();
    const error = await failure(() =>
      daemons({ engine: nats({ servers: `nats://127.0.0.1:${port}`, connectTimeout: 300 }) }),
    );
    expect(String(error)).toContain(String(port));
    expect(status().url).toBeUndefined();
  });

  test('daemons(0) ends a host whose server has gone, and rejects its tasks', async () => {
    const server = await ownServer();
    await connectHost({ servers: server.url });
    const task = mirai(values.add, [1, 2]);
    const outcome = failure(() => task);
    await server.kill('SIGKILL');
    await daemons(0);
    expect(await outcome).toMatchObject({ code: 'miraiInterrupt' });
  });
});
