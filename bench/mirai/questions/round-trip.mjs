// How long does one no-op take, from the call to its result?
import { median, quantile } from '../../stats.mjs';
import { timeCalls } from '../calls.mjs';
import { peers, piscinas, withPool } from '../contenders/index.mjs';
import {
  bestOf,
  digits,
  ratiosOf,
  rowsOf,
  targetOf,
  timesWithQuartiles,
  withQuartiles,
} from '../figures.mjs';

export const name = 'round-trip';

export const variants = ['1'];

export const contenders = ['mirai', 'mirai-traced', 'mirai-processes', ...peers];

export const budgets = {
  full: { rounds: 9, warmMs: 200, measureMs: 300 },
  quick: { rounds: 1, warmMs: 20, measureMs: 30 },
};

export function measure(contender, { warmMs, measureMs }) {
  return withPool(contender, 1, async ({ call }) => {
    const isRight = (result) => result === undefined;
    const times = await timeCalls(() => call('noop'), { warmMs, measureMs, isRight });
    return { p50: median(times) * 1000, p99: quantile(times, 0.99) * 1000 };
  });
}

export function report(figures) {
  const p50 = (contender) => figures.of('1', contender, 'p50');
  const best = bestOf(piscinas, p50);
  return {
    title: 'Round trip of a no-op',
    text: 'One worker, one task at a time. Microseconds from the call to the result.',
    tables: [
      {
        head: ['', 'p50, µs', 'p99, µs', '× piscina at its best'],
        rows: rowsOf(contenders, (contender) => [
          withQuartiles(p50(contender), digits),
          withQuartiles(figures.of('1', contender, 'p99'), digits),
          timesWithQuartiles(ratiosOf(p50(contender), p50(best))),
        ]),
      },
    ],
    targets: [
      targetOf('round trip: threads / piscina at its best', ratiosOf(p50('mirai'), p50(best)), 1.15),
      targetOf('round trip: tracing on / off', ratiosOf(p50('mirai-traced'), p50('mirai')), 2),
    ],
  };
}
