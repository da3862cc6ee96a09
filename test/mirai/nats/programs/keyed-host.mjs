import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

// Submits one task under a key, and prints its result.
const [servers, path, key] = process.argv.slice(2);
const { hold } = importTasks(new URL('../../tasks/gate.mjs', import.meta.url));

await daemons({ engine: nats({ servers, durable: true, ackWait: 600 }) });
console.log(JSON.stringify(await mirai(hold, [path, key], { idempotencyKey: key })));
await daemons(0);
