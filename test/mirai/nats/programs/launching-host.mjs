import { daemons, importTasks, mirai, status } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

// Launches daemons of its own, prints their process ids, and is killed by the test while one of them is at work.
const [servers, path] = process.argv.slice(2);
const { countAndBlock } = importTasks(new URL('../tasks/counted.mjs', import.meta.url));

await daemons(2, { engine: nats({ servers, ackWait: 600 }) });
mirai(countAndBlock, [path, 'runs', 60_000]).catch(() => {});
console.log(JSON.stringify(status().daemons.map(({ pid }) => pid)));
