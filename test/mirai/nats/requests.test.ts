import { connect } from '@nats-io/transport-node';
import { expect, onTestFinished, test } from 'vitest';
import { mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';

test('a daemon asks for tasks ahead of its slot for a moment only, since it does not take requests back', async () => {
  const { url } = await startHost();
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  const asked: { batch: number; ms: number }[] = [];
  connection.subscribe('$JS.API.CONSUMER.MSG.NEXT.MIRAI_default.daemons', {
    callback: (_, message) => {
      const { batch, expires } = message.json<{ batch: number; expires: number }>();
      asked.push({ batch, ms: expires / 1e6 });
    },
  });
  await connection.flush();
  await join(url);
  // It learns that they are short.
  while (!asked.some(({ batch }) => batch > 1)) expect(await mirai(tasks.values.add, [1, 2])).toBe(3);
  expect(asked[0]).toEqual({ batch: 1, ms: 30_000 });
  for (const { batch, ms } of asked) if (batch > 1) expect(ms).toBe(250);
}, 20_000);
