// The contenders. Each is imported only where it is opened.

/**
 * @typedef {object} Pool
 * @property {(name: string, args: unknown[]) => Promise<unknown>} call
 * @property {() => Promise<void>} close
 */

const contenders = {
  'mirai-nats': { title: '**mirai**, at least once', module: 'mirai-nats', options: {} },
  'mirai-nats-traced': {
    title: '**mirai**, at least once, tracing on',
    module: 'mirai-nats-traced',
    options: {},
  },
  'mirai-nats-core': {
    title: '**mirai**, at most once',
    module: 'mirai-nats',
    options: { delivery: 'at-most-once' },
  },
  'mirai-nats-core-traced': {
    title: '**mirai**, at most once, tracing on',
    module: 'mirai-nats-traced',
    options: { delivery: 'at-most-once' },
  },
  jetstream: { title: 'JetStream by hand', module: 'jetstream', options: { pull: 'consume' } },
  'jetstream-next': {
    title: 'JetStream by hand, one message in hand',
    module: 'jetstream',
    options: { pull: 'next' },
  },
  'nats-core': { title: 'core NATS by hand', module: 'nats-core', options: {} },
  zeromq: { title: 'ZeroMQ, no broker', module: 'zeromq', options: {} },
  bullmq: { title: 'BullMQ', module: 'bullmq', options: { concurrency: 1 } },
  'bullmq-100': { title: 'BullMQ, 100 jobs a worker', module: 'bullmq', options: { concurrency: 100 } },
};

export const all = Object.keys(contenders);

export const titleOf = (contender) => contenders[contender].title;

/**
 * Opens a pool whose workers are ready, and closes it on all ways out.
 *
 * @param {import('../servers.mjs').Servers} servers
 * @param {(pool: Pool) => Promise<unknown>} use
 */
export async function withPool(contender, workers, servers, use) {
  const { module, options } = contenders[contender];
  const { open } = await import(`./${module}.mjs`);
  const pool = await open(workers, servers, options);
  let measured;
  try {
    measured = await use(pool);
  } catch (error) {
    await pool.close().catch(() => undefined); // what has failed first says why
    throw error;
  }
  await pool.close();
  return measured;
}
