import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { mirai } from '../support/library.js';
import { ended, startProgram } from '../support/run-program.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { countOf } from './support/count-of.js';
import { permissive } from './support/daemon-process.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { collectMirai } from './support/library.js';
import { counted } from './support/load.js';
import { launchDaemon, ownServer } from './support/own.js';

const { values } = tasks;

/** A host of its own process that has submitted `n` keyed tasks, `key 0` and so on, and goes on to wait for them. */
async function startHost(name: string, url: string, path: string, n: number) {
  const child = startProgram(`../nats/programs/${name}`, [url, path, String(n)]);
  const lines = createInterface({ input: child.stdout });
  child.stderr.pipe(process.stderr);
  await once(lines, 'line');
  return child;
}

describe('a host that is killed', { timeout: 60_000 }, () => {
  test('and comes back: its durable tasks ran once each, and it collects their results by key', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url, args: [...permissive(), '--concurrency', '2'] });
    const { path, lines } = notebook();
    const first = await startHost('durable-host', url, path, 200);
    await eventually(() => lines().length > 20);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(lines().length).toBeLessThan(200);
    const second = startProgram('../nats/programs/collecting-host', [url, '200']);
    const { code, stdout, stderr } = await ended(second);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
    const runs = countOf(lines());
    expect([runs.size, Math.max(...runs.values())]).toEqual([200, 1]);
  });

  test('before a daemon is there: its durable tasks run when one comes', async () => {
    const { url } = await ownServer();
    const { path, lines } = notebook();
    const first = await startHost('durable-host', url, path, 20);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(lines()).toEqual([]);
    await connectHost({ servers: url, durable: true });
    const results = Array.from({ length: 20 }, (_, n) => collectMirai<string>(`key ${n}`));
    await launchDaemon({ url });
    expect(await Promise.all(results)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
    expect(new Set(countOf(lines()).values())).toEqual(new Set([1]));
  });

  test('submitting its tasks again under their keys runs none of them again', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url, args: [...permissive(), '--concurrency', '2'] });
    const { path, lines } = notebook();
    const first = await startHost('durable-host', url, path, 100);
    await eventually(() => lines().length > 20);
    first.kill('SIGKILL');
    await once(first, 'exit');
    await connectHost({ servers: url, durable: true });
    const results = Array.from({ length: 100 }, (_, n) =>
      mirai(counted.count, [path, String(n), 2], { idempotencyKey: `key ${n}` }),
    );
    expect(await Promise.all(results)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    const runs = countOf(lines());
    expect([runs.size, Math.max(...runs.values())]).toEqual([100, 1]);
  });

  test('does not keep its daemons from another host, whatever they run for it', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    const { path, lines } = notebook();
    const first = await startHost('busy-host', url, path, 100);
    await eventually(() => lines().length > 0);
    first.kill('SIGKILL');
    await once(first, 'exit');
    await connectHost({ servers: url });
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });
});
