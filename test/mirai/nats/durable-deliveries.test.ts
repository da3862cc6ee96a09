import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openGate } from '../support/gate.js';
import { daemons, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { collectMirai } from './support/library.js';
import { launchDaemon } from './support/own.js';

/** The durable task of a host that is gone. */
async function leaveTask(deliveries: number) {
  const { url, queue } = await startHost({ durable: true, deliveries });
  const { path, next, came } = await openGate();
  const task = mirai(tasks.gate.hold, [path, 'run']);
  task.catch(() => undefined);
  await eventually(async () => (await queue())?.waiting === 1);
  await daemons(0);
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  return { url, connection, next, came, key: task.key ?? '' };
}

describe('a durable task whose host is gone', { timeout: 30_000 }, () => {
  test('runs, although it was handed back more often than it may be begun', async () => {
    const { url, connection, next, key } = await leaveTask(3);
    const consumer = await jetstream(connection).consumers.get('MIRAI_default', 'daemons');
    for (let n = 0; n < 10; n++) (await consumer.next())?.nak();
    await connection.flush();
    await join(url);
    (await next()).release('at last');
    await connectHost({ servers: url, durable: true });
    expect(await collectMirai(key)).toBe('at last');
  });

  test('is begun as often as it may be, where each daemon that runs it is killed', async () => {
    const { url, connection, next, came } = await leaveTask(3);
    let handedBack = 0;
    connection.subscribe('$JS.ACK.MIRAI_default.daemons.>', {
      callback: (_, message) => {
        if (message.string().startsWith('-NAK')) handedBack++;
      },
    });
    for (let begun = 1; begun <= 3; begun++) {
      const daemon = await launchDaemon({ url });
      await next();
      await daemon.kill('SIGKILL');
    }
    await join(url);
    await eventually(() => handedBack >= 2);
    expect(came).toEqual(['run', 'run', 'run']);
  });
});
