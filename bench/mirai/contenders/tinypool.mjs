import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';

const filename = fileURLToPath(new URL('../tasks/work.mjs', import.meta.url));

export async function open(workers) {
  const pool = new Tinypool({ filename, minThreads: workers, maxThreads: workers });
  return {
    call: (name, argument, transferList) => pool.run(argument, { name, transferList }),
    close: () => pool.destroy(),
  };
}
