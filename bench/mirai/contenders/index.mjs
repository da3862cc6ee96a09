// The contenders. Each is imported only where it is opened: importing one is part of what is measured.

/**
 * @typedef {object} Pool
 * @property {(name: string, argument?: unknown, transfer?: ArrayBuffer[]) => Promise<unknown>} call
 * @property {() => Promise<void>} close
 * @property {() => number[]} [pids] of its worker processes
 */

const contenders = {
  mirai: { title: '**mirai**, threads', module: 'mirai', options: { engine: 'threads' } },
  'mirai-traced': { title: '**mirai**, threads, tracing on', module: 'mirai-traced', options: {} },
  'mirai-processes': { title: '**mirai**, processes', module: 'mirai', options: { engine: 'processes' } },
  piscina: {
    title: 'piscina (`atomics: sync`, its default)',
    module: 'piscina',
    options: { atomics: 'sync' },
  },
  'piscina-async': { title: 'piscina, `atomics: async`', module: 'piscina', options: { atomics: 'async' } },
  'piscina-disabled': {
    title: 'piscina, `atomics: disabled`',
    module: 'piscina',
    options: { atomics: 'disabled' },
  },
  'piscina-100': {
    title: 'piscina, 100 tasks a worker',
    module: 'piscina',
    options: { concurrentTasksPerWorker: 100 },
  },
  tinypool: { title: 'tinypool', module: 'tinypool', options: {} },
  poolifier: { title: 'poolifier, fixed', module: 'poolifier', options: {} },
  'poolifier-queue': {
    title: 'poolifier, fixed, tasks queue',
    module: 'poolifier',
    options: { enableTasksQueue: true },
  },
  workerpool: { title: 'workerpool', module: 'workerpool', options: {} },
  comlink: { title: 'comlink, workers in turn', module: 'comlink', options: {} },
  raw: { title: 'raw `postMessage`, one at a time', module: 'raw', options: { atOnce: 1 } },
  'raw-pipelined': {
    title: 'raw `postMessage`, pipelined',
    module: 'raw',
    options: { atOnce: Number.POSITIVE_INFINITY },
  },
};

export const piscinas = ['piscina', 'piscina-async', 'piscina-disabled'];

export const peers = [...piscinas, 'tinypool', 'poolifier', 'workerpool', 'comlink', 'raw'];

export const isOurs = (contender) => contender.startsWith('mirai');

export const titleOf = (contender) => contenders[contender].title;

/** @returns {Promise<Pool>} whose workers need not have started */
export async function openPool(contender, workers) {
  const open = await importContender(contender);
  return open(workers);
}

/** @returns {Promise<(workers: number) => Promise<Pool>>} once its library is loaded */
export async function importContender(contender) {
  const { module, options } = contenders[contender];
  const { open } = await import(`./${module}.mjs`);
  return (workers) => open(workers, options);
}

/** Closes `pool` on all ways out. */
export async function withPool(contender, workers, use) {
  const pool = await openPool(contender, workers);
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}
