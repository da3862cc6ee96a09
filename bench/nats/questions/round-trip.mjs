// How long does one small task take, from the call to its result?

import { timeCalls } from '../../mirai/calls.mjs';
import { digits, ratiosOf, targetOf, timesWithQuartiles, withQuartiles } from '../../mirai/figures.mjs';
import { quantile } from '../../stats.mjs';
import { all, titleOf, withPool } from '../contenders/index.mjs';

export const name = 'round-trip';

export const variants = ['1'];

/** Jobs that a worker takes at once are of no use to one that comes after the other. */
export const contenders = all.filter((contender) => contender !== 'bullmq-100');

export const budget = { rounds: 7, warmMs: 3000, measureMs: 2000 };

export function measure(contender, { servers, warmMs, measureMs }) {
  return withPool(contender, 1, servers, async ({ call }) => {
    const isRight = (result) => result === 42;
    const times = await timeCalls(() => call('add', [40, 2]), { warmMs, measureMs, isRight });
    const at = (q) => quantile(times, q) * 1000;
    return { p50: at(0.5), p25: at(0.25), p75: at(0.75), p99: at(0.99) };
  });
}

export function report(figures) {
  const p50 = (contender) => figures.of('1', contender, 'p50');
  const times = (contender, reference) => ratiosOf(p50(contender), p50(reference));
  return {
    title: 'Round trip',
    text: '`add(40, 2)`, one worker, one task at a time, after three seconds of the same. Microseconds from the call to the result.',
    tables: [
      {
        head: ['', 'p50, µs', 'p25, µs', 'p75, µs', 'p99, µs', '× JetStream by hand', '× core NATS by hand'],
        rows: contenders.map((contender) => [
          titleOf(contender),
          ...['p50', 'p25', 'p75', 'p99'].map((key) =>
            withQuartiles(figures.of('1', contender, key), digits),
          ),
          timesWithQuartiles(times(contender, 'jetstream')),
          timesWithQuartiles(times(contender, 'nats-core')),
        ]),
      },
    ],
    targets: [
      targetOf('round trip: at least once / JetStream by hand', times('mirai-nats', 'jetstream'), 1.2),
      targetOf('round trip: at most once / core NATS by hand', times('mirai-nats-core', 'nats-core'), 1.2),
      targetOf('round trip: at least once / BullMQ', times('mirai-nats', 'bullmq'), 0.5),
    ],
  };
}
