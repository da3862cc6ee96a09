import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

// Connects, and perhaps has a task run; nothing resets its profile, and nothing but the task keeps it alive.
const [servers, options, count, value] = process.argv.slice(2);
const { later } = importTasks(new URL('../../tasks/later.mjs', import.meta.url));
process.on('exit', () => console.log('exit'));

const engine = nats({ servers, ...JSON.parse(options) });
const set = count === '0' ? daemons({ engine }) : daemons(Number(count), { engine });
void set.then(({ status }) => {
  console.log(
    'pids',
    status()
      .daemons.map(({ pid }) => pid)
      .join(),
  );
  if (value) void mirai(later, [value, 300]).then((result) => console.log('result', result));
});
