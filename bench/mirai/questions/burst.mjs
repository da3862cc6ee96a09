// How many no-ops a second, where all are submitted at once?
import { median } from '../../stats.mjs';
import { peers, withPool } from '../contenders/index.mjs';
import {
  bestOf,
  digits,
  ratiosOf,
  rowsOf,
  targetOf,
  timesWithQuartiles,
  withQuartiles,
} from '../figures.mjs';

export const name = 'burst';

/** Numbers of workers. */
export const variants = ['1', '2'];

export const contenders = [
  'mirai',
  'mirai-traced',
  'mirai-processes',
  ...peers,
  'piscina-100',
  'raw-pipelined',
];

const pools = ['piscina-100', ...peers.filter((contender) => contender !== 'raw')];

export const budgets = {
  full: { rounds: 4, warmTasks: 2_000, tasks: 20_000, measureMs: 400 },
  quick: { rounds: 1, warmTasks: 200, tasks: 1_000, measureMs: 0 },
};

export function measure(contender, { variant, warmTasks, tasks, measureMs }) {
  return withPool(contender, Number(variant), async ({ call }) => {
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
  const promises = Array.from({ length: tasks }, () => call('noop'));
  const results = await Promise.all(promises);
  if (results.some((result) => result !== undefined)) throw new Error('a call gave a wrong result');
}

export function report(figures) {
  const rate = (workers, contender) => figures.of(workers, contender, 'rate');
  return {
    title: 'Burst of no-ops',
    text: `${budgets.full.tasks.toLocaleString('en-US')} tasks submitted at once, awaited with \`Promise.all\`. Tasks a second, more is better.`,
    tables: [
      {
        head: ['', '1 worker', '× piscina', '2 workers', '× piscina'],
        rows: rowsOf(contenders, (contender) =>
          variants.flatMap((workers) => [
            withQuartiles(rate(workers, contender), digits),
            timesWithQuartiles(ratiosOf(rate(workers, contender), rate(workers, 'piscina'))),
          ]),
        ),
      },
    ],
    targets: variants.flatMap((workers) => {
      const ours = rate(workers, 'mirai');
      const times = (contender) => ratiosOf(ours, rate(workers, contender));
      const fastest = bestOf(pools, (contender) => rate(workers, contender), { highest: true });
      const of = `burst, ${workers} ${workers === '1' ? 'worker' : 'workers'}`;
      return [
        targetOf(`${of}: threads / piscina as it is by default`, times('piscina'), 3, { atLeast: true }),
        targetOf(`${of}: threads / the fastest peer, ${fastest}`, times(fastest), 1, { atLeast: true }),
        targetOf(`${of}: time with tracing on / off`, times('mirai-traced'), 2),
      ];
    }),
  };
}
