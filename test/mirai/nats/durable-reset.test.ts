import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openGate } from '../support/gate.js';
import { daemons, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join } from './support/delivery-setting.js';
import { ackWait, connectHost, seen } from './support/host.js';
import { collectMirai, nats } from './support/library.js';
import { ownServer } from './support/own.js';

const { gate, values } = tasks;

/** A host with durable tasks and a daemon of its own, which is busy. */
async function busyHost() {
  const { url } = await ownServer();
  onTestFinished(async () => {
    await daemons(0);
  });
  await daemons(1, { engine: nats({ servers: url, durable: true, ackWait }) });
  const { path, next } = await openGate();
  const held = mirai(gate.hold, [path, 'held']);
  held.catch(() => undefined);
  await next();
  return { url, next, key: held.key ?? '' };
}

describe('daemons(0) of a host with durable tasks', { timeout: 30_000 }, () => {
  test('leaves a task alone that goes from its own daemon to another one meanwhile', async () => {
    const { url, next, key } = await busyHost();
    await join(url);
    await seen(2);
    const reset = daemons(0);
    const { release } = await next();
    await reset;
    release('elsewhere');
    await connectHost({ servers: url, durable: true });
    expect(await collectMirai(key, { timeout: 10_000 })).toBe('elsewhere');
  });

  test('leaves tasks alone that are on their way to the stream', async () => {
    const { url, next } = await busyHost();
    const all = Array.from({ length: 5 }, (_, n) => mirai(values.add, [n, 1]));
    const outcomes = Promise.allSettled(all);
    await setImmediate();
    await daemons(0);
    expect((await outcomes).map(({ status }) => status)).toEqual(all.map(() => 'rejected'));
    await connectHost({ servers: url, durable: true });
    await join(url);
    (await next()).release('elsewhere');
    const results = all.map(({ key = '' }) => collectMirai(key, { timeout: 10_000 }));
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5]);
  });
});
