// Does a long task hold up short ones while another worker could run them?
import { peers, withPool } from '../contenders/index.mjs';
import { rowsOf, withQuartiles } from '../figures.mjs';

export const name = 'fairness';

/** Where the long task is among the short ones. */
export const variants = ['first', 'middle', 'random'];

export const contenders = [
  'mirai',
  'mirai-processes',
  ...peers.filter((contender) => !/^piscina-/.test(contender)),
  'piscina-100',
  'poolifier-queue',
];

export const budgets = {
  full: { rounds: 2, longMs: 1000, tasks: 10_000 },
  quick: { rounds: 1, longMs: 100, tasks: 500 },
};

export function measure(contender, { variant, round, longMs, tasks }) {
  return withPool(contender, 2, async ({ call }) => {
    await Promise.all(Array.from({ length: 1000 }, () => call('spin', 0)));
    const position = positions[variant](tasks, round);
    const started = performance.now();
    let longEnded = 0;
    let held = 0;
    let lastShort = 0;
    const settled = [];
    for (let at = 0; at <= tasks; at++) {
      settled.push(
        at === position
          ? call('spin', longMs).then(() => {
              longEnded = performance.now() - started;
            })
          : call('spin', 0).then(() => {
              lastShort = performance.now() - started;
              if (longEnded > 0) held++;
            }),
      );
    }
    await Promise.all(settled);
    return { held, lastShort, longEnded };
  });
}

const positions = {
  first: () => 0,
  middle: (tasks) => tasks / 2,
  /** Another one in each round, the same ones in each run. */
  random: (tasks, round) => Math.floor(((round + 1) * 0.6180339887498949 * tasks) % tasks),
};

export function report(figures) {
  const worst = (variant, contender) => Math.max(...figures.of(variant, contender, 'held'));
  return {
    title: 'Fairness',
    text: [
      'One task that is busy for a second among 10,000 that return at once, on two workers, all submitted at once, calls of',
      'the same function: how many of the short ones ended after the long one (the worst round), and when the last of them ended.',
    ].join('\n'),
    tables: [
      {
        head: [
          '',
          ...variants.flatMap((variant) => [`${variant}: held up`, `${variant}: last short one, ms`]),
        ],
        rows: rowsOf(contenders, (contender) =>
          variants.flatMap((variant) => [
            worst(variant, contender).toLocaleString('en-US'),
            withQuartiles(figures.of(variant, contender, 'lastShort')),
          ]),
        ),
      },
    ],
    targets: ['mirai', 'mirai-processes'].map((contender) => {
      const held = Math.max(...variants.map((variant) => worst(variant, contender)));
      const engine = contender === 'mirai' ? 'threads' : 'processes';
      return [`short tasks held up: ${engine}`, 'none', String(held), held === 0 ? 'met' : '**missed**'];
    }),
  };
}
