import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { daemons, MiraiInterrupt, mirai } from '../support/library.js';
import { ended, startProgram } from '../support/run-program.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { collectMirai } from './support/library.js';
import { ownProxy, ownServer } from './support/own.js';
import { watchersAt } from './support/watchers.js';

const { gate, values } = tasks;

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
    const { url } = await startHost({ durable: true });
    await join(url);
    const watchers = await watchersAt(url);
    const host = ended(startProgram('../nats/programs/waiting-host', [url, 'later']));
    await eventually(async () => (await watchers.count()) === 1);
    await mirai(values.add, [1, 2], { idempotencyKey: 'later' });
    expect(await host).toMatchObject({ code: 0, stdout: 'waits\n3\n', stderr: '' });
  });
});

test.each([
  ['', {}, 'collectMirai: key must be that of a task (got an empty string)'],
  ['key', { timeout: Number.NaN }, 'collectMirai: options.timeout must be an integer from 0'],
  ['key', { timeout: -1 }, 'collectMirai: options.timeout must be an integer from 0'],
  ['key', { timeout: Number.POSITIVE_INFINITY }, 'collectMirai: options.timeout must be an integer from 0'],
])('what cannot be collected is an error of its argument: %j, %j', (key, options, message) => {
  expect(() => collectMirai(key, options)).toThrow(message);
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
