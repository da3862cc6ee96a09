// How long until the first result?
import { importContender, peers } from '../contenders/index.mjs';
import { rowsOf, withQuartiles } from '../figures.mjs';

export const name = 'cold-start';

export const variants = ['1'];

export const contenders = ['mirai', 'mirai-processes', ...peers];

export const budgets = { full: { rounds: 7 }, quick: { rounds: 1 } };

export async function measure(contender) {
  const started = performance.now();
  const open = await importContender(contender);
  const imported = performance.now();
  const pool = await open(1);
  await pool.call('noop');
  const done = performance.now();
  await pool.close();
  return { fromImport: done - started, fromConstruction: done - imported };
}

export function report(figures) {
  return {
    title: 'Cold start',
    text: [
      'One worker, in a new process: milliseconds from the import of the library to the result of a first no-op, and from the',
      'construction of the pool to that result.',
    ].join('\n'),
    tables: [
      {
        head: ['', 'import to result, ms', 'construction to result, ms'],
        rows: rowsOf(contenders, (contender) =>
          ['fromImport', 'fromConstruction'].map((key) => withQuartiles(figures.of('1', contender, key))),
        ),
      },
    ],
    targets: [],
  };
}
