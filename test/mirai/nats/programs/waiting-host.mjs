import { daemons } from 'otel-promise-domain/mirai';
import { collectMirai, nats } from 'otel-promise-domain/mirai/nats';

// Waits for a result that is still to come, and has nothing else to do.
const [servers, key] = process.argv.slice(2);

await daemons({ engine: nats({ servers, durable: true, ackWait: 600 }) });
const collected = collectMirai(key);
console.log('waits');
console.log(JSON.stringify(await collected));
await daemons(0);
