import { setImmediate } from 'node:timers/promises';
import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';

const [engine] = process.argv.slice(2);
const { add } = importTasks(new URL('../tasks/values.mjs', import.meta.url));
const emitters = { process, stdout: process.stdout, stderr: process.stderr };
const { signal } = new AbortController();

const listeners = () =>
  Object.entries(emitters).flatMap(([name, emitter]) =>
    emitter.eventNames().map((event) => `${name} ${String(event)} ${emitter.listenerCount(event)}`),
  );
const state = async () => {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  return JSON.stringify([listeners().sort(), process.getActiveResourcesInfo().sort()]);
};

const warnings = [];
process.on('warning', (warning) => warnings.push(String(warning)));
const cycle = async () => {
  await daemons(2, { engine, output: true });
  await Promise.all([mirai(add, [1, 2], { signal }), mirai(add, [3, 4], { timeout: 1_000_000 })]);
  await daemons(0);
};

await cycle();
const first = await state();
for (let n = 1; n < 20; n++) await cycle();
console.log('first', first);
console.log('last', await state());
console.log('warnings', JSON.stringify(warnings));
