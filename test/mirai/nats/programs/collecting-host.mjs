import { daemons } from 'otel-promise-domain/mirai';
import { collectMirai, nats } from 'otel-promise-domain/mirai/nats';

// Collects what another host has submitted, prints the results, and ends by itself.
const [servers, n] = process.argv.slice(2);

await daemons({ engine: nats({ servers, durable: true, ackWait: 600 }) });
const results = Array.from({ length: Number(n) }, (_, index) => collectMirai(`key ${index}`));
console.log(JSON.stringify(await Promise.all(results)));
await daemons(0);
