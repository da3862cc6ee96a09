// How much of each further worker arrives in tasks a second, where the tasks wait and the processors do not?
import { digits, timesWithQuartiles, withQuartiles } from '../../mirai/figures.mjs';
import { titleOf, withPool } from '../contenders/index.mjs';

export const name = 'scaling';

/** Numbers of workers. */
export const variants = ['1', '2', '4', '8'];

export const contenders = ['mirai-nats', 'jetstream', 'jetstream-next'];

export const budget = { rounds: 3, sleepMs: 5, warmTasks: 50, tasks: 400 };

/** @returns {Promise<{ rate: number, efficiency: number }>} 1 where no worker has ever waited for a task */
export function measure(contender, { variant, servers, sleepMs, warmTasks, tasks }) {
  const workers = Number(variant);
  return withPool(contender, workers, servers, async ({ call }) => {
    const sleep = (count) => Promise.all(Array.from({ length: count }, () => call('sleep', [sleepMs])));
    await sleep(warmTasks * workers);
    const started = performance.now();
    const slept = await sleep(tasks * workers);
    const ms = performance.now() - started;
    const busy = slept.reduce((sum, one) => sum + one, 0);
    return { rate: (slept.length / ms) * 1000, efficiency: busy / (ms * workers) };
  });
}

export function report(figures) {
  return {
    title: 'Scaling',
    text: [
      `Tasks that sleep for ${budget.sleepMs} ms, ${budget.tasks} a worker, submitted at once. Tasks a second, and the efficiency: how much of their`,
      'time all workers slept; 1 is perfect. What a worker has fetched ahead when nothing else is left, no other one can take.',
    ].join('\n'),
    tables: [
      {
        head: ['', ...variants.flatMap((workers) => [`${workers}: tasks/s`, 'efficiency'])],
        rows: contenders.map((contender) => [
          titleOf(contender),
          ...variants.flatMap((workers) => [
            withQuartiles(figures.of(workers, contender, 'rate'), digits),
            timesWithQuartiles(figures.of(workers, contender, 'efficiency')),
          ]),
        ]),
      },
    ],
    targets: [],
  };
}
