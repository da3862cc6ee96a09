import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';

const [engine] = process.argv.slice(2);
const { add } = importTasks(new URL('../tasks/values.mjs', import.meta.url));

const { status } = await daemons(2, { engine });
console.log(
  'pids',
  status()
    .daemons.map(({ pid }) => pid)
    .join(),
);
console.log('result', await mirai(add, [1, 2]));
