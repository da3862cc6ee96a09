// Large numbers of tasks through two daemons, each load in a process of its own. Exits with 1 where one goes wrong.
//   --engine name      threads, or processes
//   --only a,b         of map, burst, direct (a burst without the dispatcher) and cancel
//   --tasks n          elements of the map: 1,000,000
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installLibrary } from './library.mjs';

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'threads' },
    only: { type: 'string', default: 'map,burst,direct,cancel' },
    tasks: { type: 'string', default: '1000000' },
  },
});

installLibrary();
const loadProcess = fileURLToPath(new URL('load-process.mjs', import.meta.url));
for (const load of options.only.split(',')) {
  const plan = JSON.stringify({ load, engine: options.engine, tasks: Number(options.tasks) });
  const { status, signal } = spawnSync(process.execPath, [loadProcess, plan], {
    stdio: 'inherit',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  if (status !== 0) {
    console.error(`${load} ${signal ? `hung and was ended by ${signal}` : `failed with ${status}`}`);
    process.exitCode = 1;
  }
}
