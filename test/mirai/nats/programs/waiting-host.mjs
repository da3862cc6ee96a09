import { daemons } from 'otel-promise-domain/mirai';
import { collectMirai, nats } from 'otel-promise-domain/mirai/nats';

// Waits for a result that is still to come, and has nothing else to do.
const [servers, key] = process.argv.slice(2);

await daemons({ engine: nats({ servers, durable: true, ackWait: 600 }) });
collectMirai(key).then((result) => {
  console.log(JSON.stringify(result));
  return daemons(0);
});
console.log('waits');
