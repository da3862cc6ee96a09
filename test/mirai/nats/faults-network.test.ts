import { describe, expect, test } from 'vitest';
import { openGate } from '../support/gate.js';
import { mirai, status } from '../support/library.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { turns } from '../support/until.js';
import { countOf } from './support/count-of.js';
import { permissive } from './support/daemon-process.js';
import { eventually } from './support/eventually.js';
import { ackWait, connectHost, seen } from './support/host.js';
import { natsStatus } from './support/library.js';
import { counted, expectAllSettledOnce, submitLoad } from './support/load.js';
import { launchDaemon, ownProxy, ownServer } from './support/own.js';

const { gate, values } = tasks;

/** A daemon behind a proxy, and a host that is not. */
async function daemonBehindProxy() {
  const server = await ownServer();
  const proxy = await ownProxy(server.port);
  const first = await launchDaemon({ url: proxy.url });
  await connectHost({ servers: server.url });
  return { server, proxy, first };
}

describe.each(['cut', 'stall'] as const)(
  'a daemon whose network fails by a %s, for longer than the ack wait',
  { timeout: 60_000 },
  (fail) => {
    test('and comes back: another one has run its task, and its late result changes nothing', async () => {
      const { server, proxy, first } = await daemonBehindProxy();
      const { path, next, came } = await openGate();
      const task = mirai(gate.hold, [path, 'held']);
      const lost = await next();
      const second = await launchDaemon({ url: server.url });
      proxy[fail]();
      const other = await next();
      expect([lost.pid, other.pid]).toEqual([first.pid, second.pid]);
      lost.release('late');
      other.release('of the other');
      expect(await task).toBe('of the other');
      proxy.mend();
      await seen(2);
      await eventually(() => status().daemons.every(({ state }) => state === 'idle'));
      expect(came).toHaveLength(2);
      expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 1, failed: 0 });
      await expectAllSettledOnce(
        submitLoad(50, () => 1),
        50,
        1,
      );
    });

    test('is gone meanwhile for the host, and back afterwards', async () => {
      const { proxy } = await daemonBehindProxy();
      await seen(1);
      proxy[fail]();
      await seen(0);
      const task = mirai(values.add, [1, 2]);
      proxy.mend();
      await seen(1);
      expect(await task).toBe(3);
    });

    test('under load, again and again: 600 tasks settle once each', async () => {
      const { server, proxy } = await daemonBehindProxy();
      await launchDaemon({ url: server.url, args: [...permissive(), '--concurrency', '2'] });
      const load = submitLoad(600, (n) => 2 + (n % 3));
      for (const count of [50, 250]) {
        await load.reached(count);
        proxy[fail]();
        await load.reached(count + 150);
        proxy.mend();
      }
      await expectAllSettledOnce(load, 600, 5);
    });
  },
);

describe.each(['cut', 'stall'] as const)(
  'a host whose network fails by a %s',
  { timeout: 60_000 },
  (fail) => {
    test('while tasks run: each runs once, and their results arrive when it is back', async () => {
      const server = await ownServer();
      const proxy = await ownProxy(server.port);
      await launchDaemon({ url: server.url, args: [...permissive(), '--concurrency', '2'] });
      await connectHost({ servers: proxy.url });
      const { path, next, came } = await openGate();
      const running = [mirai(gate.hold, [path, 'a']), mirai(gate.hold, [path, 'b'])];
      const visitors = [await next(), await next()];
      proxy[fail]();
      for (const [n, { release }] of visitors.entries()) release(n);
      const load = submitLoad(30);
      proxy.mend();
      expect(new Set(await Promise.all(running))).toEqual(new Set([0, 1]));
      await expectAllSettledOnce(load, 30, 1);
      expect(came).toHaveLength(2);
    });

    test('for longer than the ack wait: tasks that have ended meanwhile do not run again', async () => {
      const server = await ownServer();
      const proxy = await ownProxy(server.port);
      await launchDaemon({ url: server.url });
      await connectHost({ servers: proxy.url });
      const { path, lines } = notebook();
      const { path: gatePath, next, came } = await openGate();
      const ended = mirai(gate.hold, [gatePath, 'ended']);
      const { release } = await next();
      const long = mirai(counted.countAndBlock, [path, 'long', 3 * ackWait]);
      const last = mirai(counted.count, [path, 'last', 0]);
      await eventually(async () => (await natsStatus({ servers: server.url })).queue?.waiting === 2);
      proxy[fail]();
      release('done');
      // What is delivered again comes before what waits.
      await eventually(() => lines().includes('last'));
      proxy.mend();
      expect(await Promise.all([ended, long, last])).toEqual(['done', 'long', 'last']);
      expect([came, lines()]).toEqual([['ended'], ['long', 'last']]);
    });

    test('for longer than a daemon may be silent: none is gone for it, and what runs at most once goes on', async () => {
      const server = await ownServer();
      const proxy = await ownProxy(server.port);
      await launchDaemon({ url: server.url });
      await connectHost({ servers: proxy.url, delivery: 'at-most-once' });
      await seen(1);
      const { path, lines } = notebook();
      const running = mirai(counted.countAndBlock, [path, 'run', 4500]);
      await eventually(() => status().mirai.executing === 1);
      proxy[fail]();
      const ended = async () => (await natsStatus({ servers: server.url })).daemons[0]?.slots[0]?.completed;
      await eventually(async () => (await ended()) === 1);
      expect(status()).toMatchObject({ connections: 1, mirai: { executing: 1, failed: 0 } });
      proxy.mend();
      expect(await running).toBe('run');
      expect([status().connections, lines()]).toEqual([1, ['run']]);
    });
  },
);

describe('a host that knows that it is cut off', { timeout: 30_000 }, () => {
  test('keeps what is submitted until it is back, also at most once', async () => {
    const server = await ownServer();
    const proxy = await ownProxy(server.port);
    await launchDaemon({ url: server.url });
    await connectHost({ servers: proxy.url, delivery: 'at-most-once' });
    expect(await mirai(values.add, [1, 2])).toBe(3);
    proxy.cut();
    await eventually(() => proxy.connections() === 0);
    await turns(10);
    const load = submitLoad(20);
    proxy.mend();
    await expectAllSettledOnce(load, 20, 1);
  });
});

describe('a host that reads too slowly', { timeout: 60_000 }, () => {
  test('and that the server drops for it gets every result in the end, of one run each', async () => {
    const server = await ownServer({ config: 'write_deadline: "300ms"\nmax_pending: 2MB' });
    const proxy = await ownProxy(server.port);
    await launchDaemon({ url: server.url, args: [...permissive(), '--concurrency', '2'] });
    await connectHost({ servers: proxy.url });
    expect(await mirai(values.add, [1, 2])).toBe(3);
    const { path, lines } = notebook();
    const results = Array.from({ length: 120 }, (_, n) =>
      mirai(counted.countAndFill, [path, String(n), 400_000]),
    );
    await eventually(() => lines().length > 0);
    proxy.stallFromServer();
    await eventually(() => server.log.includes('Slow Consumer'));
    proxy.mend();
    const values_ = await Promise.all(results);
    expect(values_.map((value) => [value.length, value[0]])).toEqual(
      values_.map((_, n) => [400_000, n % 251]),
    );
    expect(new Set(countOf(lines()).values())).toEqual(new Set([1]));
  });
});
