import { connect } from '@nats-io/transport-node';
import { expect, onTestFinished, test } from 'vitest';
import { mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { launchDaemon, ownProxy, ownServer } from './support/own.js';

test('the last acknowledgements are sent again when a daemon is back, for its server may have forgotten them', async () => {
  const server = await ownServer();
  const proxy = await ownProxy(server.port);
  await launchDaemon({ url: proxy.url });
  await connectHost({ servers: server.url });
  const spy = await connect({ servers: server.url });
  onTestFinished(() => spy.close());
  const acked: string[] = [];
  spy.subscribe('$JS.ACK.MIRAI_default.>', {
    callback: (_, { subject, data }) => {
      if (String(Buffer.from(data)) === '+ACK') acked.push(subject);
    },
  });
  await spy.flush();
  expect(await mirai(tasks.values.add, [1, 2])).toBe(3);
  await eventually(() => acked.length === 1);
  proxy.cut();
  await eventually(() => proxy.connections() === 0);
  proxy.mend();
  await eventually(() => acked.length === 2);
  expect(new Set(acked).size).toBe(1);
});
