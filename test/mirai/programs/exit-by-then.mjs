import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';

// Nothing but an unresolved task keeps this program alive: there is no await at its top.
const [engine, n] = process.argv.slice(2);
const { later } = importTasks(new URL('../tasks/later.mjs', import.meta.url));
const start = () => mirai(later, ['late', 300]).then((value) => console.log('result', value));

if (n === '0') void start();
else void daemons(Number(n), { engine }).then(start);
process.on('exit', () => console.log('exit'));
