import { daemons, importTasks, mirai, status } from 'otel-promise-domain/mirai';

// Two daemons at work, one of them in a loop; then the host ends in the way that it is told.
const [engine, how, notes, gate] = process.argv.slice(2);
const { noteAndSpin } = importTasks(new URL('../tasks/notes.mjs', import.meta.url));
const { holdForEver } = importTasks(new URL('../tasks/gate.mjs', import.meta.url));

await daemons(3, { engine });
console.log(
  'pids',
  status()
    .daemons.map(({ pid }) => pid)
    .join(),
);
const tasks = [mirai(noteAndSpin, [notes, 'spins']), mirai(holdForEver, [gate, 'held'])];
for (const task of tasks) task.catch(() => {});
process.on('SIGUSR2', () => {
  if (how === 'exit') process.exit(7);
  if (how === 'throw') throw new Error('the host is broken');
  if (how === 'reject') void Promise.reject(new Error('the host is broken'));
});
console.log('ready');
