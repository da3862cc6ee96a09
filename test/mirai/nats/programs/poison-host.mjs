import { setImmediate } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

// Submits a durable task that kills the process that runs it, says so once the server has it, and is killed by the test.
const [servers, path] = process.argv.slice(2);
const { countAndKill } = importTasks(new URL('../tasks/counted.mjs', import.meta.url));

await daemons({ engine: nats({ servers, durable: true, deliveries: 3, ackWait: 600 }) });
mirai(countAndKill, [path, 'run']).catch(() => {});
const { streams } = await jetstreamManager(await connect({ servers }));
while ((await streams.info('MIRAI_default')).state.last_seq === 0) await setImmediate();
console.log('submitted');
