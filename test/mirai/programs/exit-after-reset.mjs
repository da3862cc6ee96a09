import { setImmediate } from 'node:timers/promises';
import { daemons, everywhere, importTasks, mirai, miraiMap } from 'otel-promise-domain/mirai';

const [engine] = process.argv.slice(2);
const { add } = importTasks(new URL('../tasks/values.mjs', import.meta.url));

// Looked at, so that they are open before and after; and the files of the program are closed after a few turns.
process.stdout.write('');
process.stderr.write('');
const resources = () => process.getActiveResourcesInfo().sort().join();
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
};
await settle();
const before = resources();

await daemons(2, { engine, idleTime: 1_000_000, wallTime: 1_000_000, output: true });
await everywhere(add, [1, 2]);
await mirai(add, [1, 2], { timeout: 1_000_000, signal: new AbortController().signal });
await miraiMap([1, 2, 3], add, { args: [1] });
await daemons(0);
await settle();
console.log('before', before);
console.log('after', resources());
