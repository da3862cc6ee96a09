// How long does 1 MiB take, to a worker or back?
import { median } from '../../stats.mjs';
import { timeCalls } from '../calls.mjs';
import { peers, withPool } from '../contenders/index.mjs';
import { rowsOf, withQuartiles } from '../figures.mjs';
import { records } from '../tasks/work.mjs';

const bytes = 2 ** 20;

export const name = 'payload';

export const variants = ['copied', 'view', 'transferred', 'argument', 'result'];

export const contenders = ['mirai', 'mirai-processes', ...peers];

export const budgets = {
  full: { rounds: 4, warmMs: 100, measureMs: 150 },
  quick: { rounds: 1, warmMs: 5, measureMs: 10 },
};

/** All in one process: what is warm is the library, and it is warm in the same order for all. */
export const together = true;

export function measure(contender, { warmMs, measureMs }) {
  return withPool(contender, 1, async ({ call }) => {
    const length = Math.round(bytes / (JSON.stringify(records(1000)).length / 1000));
    const argument = records(length);
    const buffer = new ArrayBuffer(bytes);
    const ways = {
      copied: {
        run: () => call('byteLength', buffer),
        isRight: (result) => result === bytes,
      },
      view: {
        run: () => call('byteLength', new Uint8Array(buffer)),
        isRight: (result) => result === bytes,
      },
      transferred: {
        prepare: () => new ArrayBuffer(bytes),
        run: (made) => call('byteLength', made, [made]),
        isRight: (result) => result === bytes,
      },
      argument: {
        run: () => call('lengthOf', argument),
        isRight: (result) => result === length,
      },
      result: {
        run: () => call('records', length),
        isRight: (result) => result.length === length && result[length - 1].id === length - 1,
      },
    };
    const printed = {};
    for (const [variant, { run, ...rest }] of Object.entries(ways)) {
      printed[variant] = { ms: median(await timeCalls(run, { warmMs, measureMs, ...rest })) };
    }
    return printed;
  });
}

export function report(figures) {
  return {
    title: '1 MiB there or back',
    text: [
      'One worker, one task at a time. Milliseconds from the call to the result, of a buffer as the argument, copied or',
      'transferred, of a `Uint8Array` that is copied, and of an array of plain records (1 MiB as JSON) as the argument or as the result.',
      'Processes cannot transfer: they get a copy.',
    ].join('\n'),
    tables: [
      {
        head: [
          '',
          'buffer copied, ms',
          'view of it copied, ms',
          'buffer transferred, ms',
          'records as argument, ms',
          'records as result, ms',
        ],
        rows: rowsOf(contenders, (contender) =>
          variants.map((variant) => withQuartiles(figures.of(variant, contender, 'ms'))),
        ),
      },
    ],
    targets: [],
  };
}
