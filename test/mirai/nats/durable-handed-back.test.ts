import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KeyStore } from '../../../src/mirai/engine/nats/key-store.js';
import { namesOf } from '../../../src/mirai/engine/nats/names.js';
import { openGate } from '../support/gate.js';
import { daemons, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { collectMirai } from './support/library.js';
import { launchDaemon } from './support/own.js';

/** A daemon that runs a durable task and has another one behind it, both of a host that is gone. */
async function leaveTasks() {
  const { url, queue } = await startHost({ durable: true, deliveries: 1 });
  const daemon = await join(url);
  // It knows that they are short.
  for (let n = 0; n < 20; n++) await mirai(tasks.values.add, [n, 1]);
  const { path, next, came } = await openGate();
  const [first, second] = ['first', 'second'].map((label) => mirai(tasks.gate.hold, [path, label]));
  for (const task of [first, second]) task?.catch(() => undefined);
  const visitor = await next();
  await eventually(async () => (await queue())?.delivered === 2);
  await daemons(0);
  return { url, daemon, visitor, next, came, key: second?.key ?? '' };
}

describe('a durable task whose host is gone', { timeout: 20_000 }, () => {
  test('has not been begun by a daemon that has handed it back, however seldom it may be', async () => {
    const { url, daemon, visitor, next, came, key } = await leaveTasks();
    const left = daemon.leave();
    visitor.release();
    await left;
    await join(url);
    (await next()).release('at last');
    await connectHost({ servers: url, durable: true });
    expect(await collectMirai(key)).toBe('at last');
    expect(came).toEqual(['first', 'second']);
  });

  test('has been begun by one that was killed with it, and is not begun once more than it may be', async () => {
    const { url } = await startHost({ durable: true, deliveries: 1 });
    const daemon = await launchDaemon({ url });
    const { path, next, came } = await openGate();
    const task = mirai(tasks.gate.hold, [path, 'killed']);
    task.catch(() => undefined);
    await next();
    await daemons(0);
    await join(url);
    await daemon.kill('SIGKILL');
    const connection = await connect({ servers: url });
    onTestFinished(() => connection.close());
    const store = new KeyStore(connection, namesOf('default'));
    const known = async () => (await store.get(task.key ?? ''))?.head;
    await eventually(async () => JSON.stringify(await known()) === '{"state":"waiting","handedBack":2}');
    expect(came).toEqual(['killed']);
  });
});
