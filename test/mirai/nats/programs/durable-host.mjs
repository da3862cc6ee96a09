import { setImmediate } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

// Submits durable tasks under keys, says so once the server has them all, and is killed by the test.
const [servers, path, n] = process.argv.slice(2);
const { count } = importTasks(new URL('../tasks/counted.mjs', import.meta.url));

await daemons({ engine: nats({ servers, durable: true, ackWait: 600 }) });
const tasks = Array.from({ length: Number(n) }, (_, index) =>
  mirai(count, [path, String(index), 10], { idempotencyKey: `key ${index}` }),
);
for (const task of tasks) task.catch(() => {});
const connection = await connect({ servers });
const { streams } = await jetstreamManager(connection);
while ((await streams.info('MIRAI_default')).state.last_seq < tasks.length) await setImmediate();
console.log('submitted');
