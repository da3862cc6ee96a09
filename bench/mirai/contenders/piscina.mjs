import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';

const filename = fileURLToPath(new URL('../tasks/work.mjs', import.meta.url));

export async function open(workers, options) {
  const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers, ...options });
  return {
    call: (name, argument, transferList) => pool.run(argument, { name, transferList }),
    close: () => pool.destroy(),
  };
}
