import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { test } from 'vitest';
import { connectHost } from '/work/main/test/mirai/nats/support/host.js';
import { expectAllSettledOnce, submitLoad } from '/work/main/test/mirai/nats/support/load.js';
import { launchDaemon, ownCluster } from '/work/main/test/mirai/nats/support/own.js';
import { mirai, status } from '/work/main/test/mirai/support/library.js';

test('x', async () => {
  const { servers, urls, healthy } = await ownCluster(3);
  const [, second = '', third = ''] = urls;
  await launchDaemon({ url: second });
  await launchDaemon({ url: third });
  await connectHost({ servers: urls, replicas: 3 });
  const load = submitLoad(600, (n) => n % 4);
  await load.reached(100);
  await servers[0]?.kill('SIGKILL');
  void connect;
  void jetstreamManager;
  const t0 = performance.now();
  const tick = setInterval(
    () =>
      console.log(Math.round(performance.now() - t0), JSON.stringify(status().mirai), status().connections),
    3000,
  );
  await expectAllSettledOnce(load, 600, 5);
  console.log('first load done');
  await servers[0]?.restart();
  console.log('restarted');
  await healthy();
  console.log('healthy');
  await expectAllSettledOnce(submitLoad(100), 100, 5);
  console.log('second load done');
  clearInterval(tick);
}, 85_000);
