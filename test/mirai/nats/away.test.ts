import { describe, expect, test } from 'vitest';
import { mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { ownProxy, ownServer } from './support/own.js';

const { values } = tasks;

/** A host whose server is away for a moment, and comes back. */
async function cutOff() {
  const { port, url } = await ownServer({ maxPayload: 100_000 });
  const proxy = await ownProxy(port);
  await connectHost({ servers: proxy.url, durable: true });
  await join(url);
  expect(await mirai(values.add, [1, 2])).toBe(3);
  proxy.cut();
  await eventually(() => proxy.connections() === 0);
  return proxy;
}

describe('while the server is away', { timeout: 20_000 }, () => {
  test('tasks with a key and with large arguments wait at their host', async () => {
    const proxy = await cutOff();
    const text = 'x'.repeat(200_000);
    const all = [mirai(values.add, [1, 2], { idempotencyKey: 'sum' }), mirai(values.echo, [text])];
    proxy.mend();
    expect(await Promise.all(all)).toEqual([3, text]);
  });
});
