import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';

const script = fileURLToPath(new URL('../tasks/workerpool.mjs', import.meta.url));

export async function open(workers) {
  const pool = workerpool.pool(script, { minWorkers: workers, maxWorkers: workers, workerType: 'thread' });
  return {
    call: (name, argument, transfer) => pool.exec(name, [argument], transfer && { transfer }),
    close: () => pool.terminate(),
  };
}
