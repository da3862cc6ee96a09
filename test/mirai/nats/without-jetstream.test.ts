import { describe, expect, test } from 'vitest';
import { toFrame } from '../../../src/mirai/engine/nats/wire/frame.js';
import { failure } from '../support/failure.js';
import { daemons, mirai } from '../support/library.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { join } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { ackWait, connectHost } from './support/host.js';
import { hostileHost, subjects } from './support/hostile.js';
import { nats } from './support/library.js';
import { counted } from './support/load.js';
import { launchDaemon, ownServer } from './support/own.js';

const { values } = tasks;

describe('a server without JetStream', { timeout: 30_000 }, () => {
  test('is no place for tasks at least once, and one for those at most once, as a daemon says', async () => {
    const { url: servers } = await ownServer({ jetstream: false });
    expect(await failure(() => daemons({ engine: nats({ servers }) }))).toMatchObject({
      code: 'natsUnusable',
    });
    const daemon = await launchDaemon({ url: servers });
    const warning = /MiraiWarning: the server has no JetStream .*'at-most-once'/;
    await eventually(() => warning.test(daemon.output));
    await connectHost({ servers, delivery: 'at-most-once' });
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });

  test('that has it when it is back: its daemons take tasks at least once from then on', async () => {
    const { port, url, stop } = await ownServer({ jetstream: false });
    const daemon = await launchDaemon({ url });
    await stop();
    await ownServer({ port });
    await connectHost({ servers: url });
    expect(await mirai(values.add, [1, 2])).toBe(3);
    await daemon.kill('SIGTERM');
    expect(daemon.output).toMatch(/^left: told$/m);
  });
});

describe('the time after which tasks are delivered again', { timeout: 30_000 }, () => {
  test('is the one of the stream, whatever a host says that has not heard of it', async () => {
    const { url } = await ownServer();
    await connectHost({ servers: url });
    await join(url);
    await join(url);
    const { connection } = await hostileHost(url, 'stale');
    const hello = { v: 1, kind: 'hello', host: 'stale', tracing: false, time: Date.now(), ackWait: 60_000 };
    connection.publish(subjects.toDaemons, toFrame(hello));
    await connection.flush();
    const { path, lines } = notebook();
    expect(await mirai(counted.countAndBlock, [path, 'run', 3 * ackWait])).toBe('run');
    expect(lines()).toEqual(['run']);
  });
});
