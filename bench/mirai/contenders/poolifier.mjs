import { fileURLToPath } from 'node:url';
import { FixedThreadPool } from 'poolifier';

const file = fileURLToPath(new URL('../tasks/poolifier.mjs', import.meta.url));

export async function open(workers, options) {
  const pool = new FixedThreadPool(workers, file, options);
  return {
    call: (name, argument, transfer) => pool.execute(argument, name, undefined, transfer),
    async close() {
      void pool.destroy(); // which destroys it, but now and then never settles
    },
  };
}
