// How many small tasks a second, where all are submitted at once, and what does tracing take of it?

import { digits, ratiosOf, targetOf, timesWithQuartiles, withQuartiles } from '../../mirai/figures.mjs';
import { median } from '../../stats.mjs';
import { all, titleOf, withPool } from '../contenders/index.mjs';

export const name = 'burst';

/** Numbers of workers. */
export const variants = ['1', '2'];

export const contenders = all;

export const budget = { rounds: 5, warmTasks: 20_000, tasks: 10_000, measureMs: 2000 };

export function measure(contender, { variant, servers, warmTasks, tasks, measureMs }) {
  return withPool(contender, Number(variant), servers, async ({ call }) => {
    await burst(call, warmTasks);
    const rates = [];
    const end = performance.now() + measureMs;
    do {
      const started = performance.now();
      await burst(call, tasks);
      rates.push((tasks / (performance.now() - started)) * 1000);
    } while (performance.now() < end);
    return { rate: median(rates) };
  });
}

async function burst(call, tasks) {
  const sums = await Promise.all(Array.from({ length: tasks }, (_, n) => call('add', [n, 1])));
  if (sums.some((sum, n) => sum !== n + 1)) throw new Error('a call gave a wrong result');
}

export function report(figures) {
  const rate = (workers, contender) => figures.of(workers, contender, 'rate');
  const times = (workers, contender, reference) =>
    ratiosOf(rate(workers, contender), rate(workers, reference));
  return {
    title: 'Burst',
    text: `\`add(n, 1)\`, ${budget.tasks.toLocaleString('en-US')} tasks submitted at once. Tasks a second, more is better.`,
    tables: [
      {
        head: ['', '1 worker', '× JetStream by hand', '2 workers', '× JetStream by hand'],
        rows: contenders.map((contender) => [
          titleOf(contender),
          ...variants.flatMap((workers) => [
            withQuartiles(rate(workers, contender), digits),
            timesWithQuartiles(times(workers, contender, 'jetstream')),
          ]),
        ]),
      },
      {
        head: ['time of a burst, tracing on / off', '1 worker', '2 workers'],
        rows: ['mirai-nats', 'mirai-nats-core'].map((contender) => [
          titleOf(contender),
          ...variants.map((workers) => timesWithQuartiles(times(workers, contender, `${contender}-traced`))),
        ]),
      },
    ],
    targets: variants.flatMap((workers) => {
      const of = `burst, ${workers} ${workers === '1' ? 'worker' : 'workers'}`;
      return [
        targetOf(
          `${of}: at least once, time / JetStream by hand`,
          times(workers, 'jetstream', 'mirai-nats'),
          1.2,
        ),
        targetOf(
          `${of}: at most once, time / core NATS by hand`,
          times(workers, 'nats-core', 'mirai-nats-core'),
          1.2,
        ),
        targetOf(
          `${of}: at least once / BullMQ as it is by default`,
          times(workers, 'mirai-nats', 'bullmq'),
          3,
          {
            atLeast: true,
          },
        ),
        targetOf(
          `${of}: at least once / BullMQ, 100 jobs a worker`,
          times(workers, 'mirai-nats', 'bullmq-100'),
          1,
          {
            atLeast: true,
          },
        ),
      ];
    }),
  };
}
