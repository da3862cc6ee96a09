import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

// Has tasks that nobody else waits for, which are more than its daemons can do at once, and is killed by the test.
const [servers, path, n] = process.argv.slice(2);
const { count } = importTasks(new URL('../tasks/counted.mjs', import.meta.url));

await daemons({ engine: nats({ servers, ackWait: 600 }) });
for (let index = 0; index < Number(n); index++) mirai(count, [path, String(index), 20]).catch(() => {});
console.log('submitted');
