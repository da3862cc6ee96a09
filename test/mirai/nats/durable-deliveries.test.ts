import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { expect, onTestFinished, test } from 'vitest';
import { daemons, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { collectMirai } from './support/library.js';

test('a durable task that was handed back more often than it may be begun runs, though its host is gone', async () => {
  const { url, queue } = await startHost({ durable: true });
  const task = mirai(tasks.values.add, [1, 2]);
  const { key = '' } = task;
  task.catch(() => undefined);
  await eventually(async () => (await queue())?.waiting === 1);
  await daemons(0);

  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  const consumer = await jetstream(connection).consumers.get('MIRAI_default', 'daemons');
  for (let n = 0; n < 6; n++) (await consumer.next())?.nak();
  await connection.flush();

  await join(url);
  await connectHost({ servers: url, durable: true });
  expect(await collectMirai(key, { timeout: 4000 })).toBe(3);
});
