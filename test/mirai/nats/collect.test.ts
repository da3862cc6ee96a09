import { once } from 'node:events';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { daemons, MiraiInterrupt, mirai } from '../support/library.js';
import { startProgram } from '../support/run-program.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { collectMirai } from './support/library.js';
import { ownProxy, ownServer } from './support/own.js';

const { gate, values } = tasks;

/** The watchers of the bucket of results. */
async function watchersAt(url: string) {
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  const { consumers } = await jetstreamManager(connection);
  const bucket = 'KV_MIRAI_default_results';
  const list = async () => (await consumers.list(bucket).next()).filter(({ push_bound }) => push_bound);
  return {
    count: async () => (await list()).length,
    async delete() {
      for (const { name } of await list()) await consumers.delete(bucket, name);
    },
  };
}

describe('a result that is collected', { timeout: 20_000 }, () => {
  test('comes although the server was away when it was asked for', async () => {
    const { port, url } = await ownServer();
    const proxy = await ownProxy(port);
    await connectHost({ servers: proxy.url, durable: true });
    await join(url);
    const options = { idempotencyKey: 'sum' };
    expect(await mirai(values.add, [1, 2], options)).toBe(3);
    proxy.cut();
    await eventually(() => proxy.connections() === 0);
    const collected = collectMirai<number>('sum');
    proxy.mend();
    expect(await collected).toBe(3);
  });

  test('comes although its watcher is gone', async () => {
    const { url } = await startHost({ durable: true });
    await join(url);
    const watchers = await watchersAt(url);
    const collected = collectMirai<number>('sum');
    await eventually(async () => (await watchers.count()) === 1);
    await watchers.delete();
    await mirai(values.add, [1, 2], { idempotencyKey: 'sum' });
    expect(await collected).toBe(3);
  });

  test('that has not come rejects when the profile is reset', async () => {
    await startHost({ durable: true });
    const outcome = failure(() => collectMirai('nobody'));
    await daemons(0);
    expect(await outcome).toBeInstanceOf(MiraiInterrupt);
  });

  test('keeps its process alive until it has come', async () => {
    const { url } = await ownServer();
    const host = startProgram('../nats/programs/waiting-host', [url, 'later']);
    const [line] = await once(host.stdout, 'data');
    expect(String(line)).toBe('waits\n');
    await join(url);
    await connectHost({ servers: url, durable: true });
    await mirai(values.add, [1, 2], { idempotencyKey: 'later' });
    const [result] = await once(host.stdout, 'data');
    expect(String(result)).toBe('3\n');
  });
});

describe('a task that waits for another run under its key', { timeout: 20_000 }, () => {
  test('waits no more when it is cancelled', async () => {
    const { url } = await startHost({ durable: true });
    await join(url);
    const watchers = await watchersAt(url);
    const { path, next } = await openGate();
    const options = { idempotencyKey: 'held' };
    const first = mirai(gate.hold, [path, 'first'], options);
    const { release } = await next();
    const second = mirai(gate.hold, [path, 'second'], options);
    await eventually(async () => (await watchers.count()) === 1);
    second.cancel();
    expect(await failure(() => second)).toBeInstanceOf(MiraiInterrupt);
    await eventually(async () => (await watchers.count()) === 0);
    release('end');
    expect(await first).toBe('end');
  });
});
