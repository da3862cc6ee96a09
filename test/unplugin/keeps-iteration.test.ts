import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { active, allJobsDone, bracketingManagers, register, within } from '../support/awaiting.js';
import { run } from './programs.js';

afterEach(async () => {
  await allJobsDone();
  expect(active()).toBeUndefined();
});

/** Iterables of 1, 2 and 3, by what they are. */
const iterables: [string, string][] = [
  ['an array', '[1, 2, 3]'],
  ['an array of promises', '[soon().then(() => 1), later().then(() => 2), 3]'],
  ['a generator', '(function* () { yield 1; yield soon().then(() => 2); yield 3; })()'],
  [
    'an async generator',
    '(async function* () { yield 1; await later(); yield later().then(() => 2); yield 3; })()',
  ],
  [
    'an async iterator by hand',
    '({ n: 0, [Symbol.asyncIterator]() { return this; }, async next() { await later(); return { value: ++this.n, done: this.n > 3 }; } })',
  ],
  [
    'an async iterator that answers without a promise',
    '({ n: 0, [Symbol.asyncIterator]() { return this; }, next() { return { value: ++this.n, done: this.n > 3 }; } })',
  ],
];

/** Older engines leave a sync iterator open where a value is rejected. */
async function closesRejected(): Promise<boolean> {
  let isClosed = false;
  const steps = {
    next: () => ({ value: Promise.reject(new Error('not seen')) }),
    return: () => {
      isClosed = true;
      return { done: true, value: undefined };
    },
  };
  try {
    for await (const _ of { [Symbol.iterator]: () => steps });
  } catch {
    // as it is to be
  }
  return isClosed;
}

describe.each(bracketingManagers)('under %s, for await keeps the context', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  const runIn = (name: string, body: string) => within(name, () => run(body));

  test.each(iterables)('in each round and after the loop: %s', async (_what, iterable) => {
    const seen = await runIn(
      'A',
      `const seen = []; for await (const value of ${iterable}) seen.push(value, active()); seen.push(active()); return seen;`,
    );
    expect(seen).toEqual([1, 'A', 2, 'A', 3, 'A', 'A']);
  });

  test.each(iterables)('after a loop that is left early: %s', async (_what, iterable) => {
    const seen = await runIn(
      'A',
      `
        const seen = [];
        outer: for (const round of [1, 2]) for await (const value of ${iterable}) { if (value === 2) continue outer; }
        seen.push(active());
        for await (const value of ${iterable}) break;
        seen.push(active());
        try { for await (const value of ${iterable}) throw new Error('left'); } catch (error) { seen.push(error.message, active()); }
        await (async () => { try { for await (const value of ${iterable}) return; } finally { seen.push(active()); } })();
        seen.push(active());
        return seen;`,
    );
    expect(seen).toEqual(['A', 'A', 'left', 'A', 'A', 'A']);
  });

  test('in next() and return() of the iterator', async () => {
    const seen = await runIn(
      'A',
      `
        const seen = [];
        const iterator = {
          [Symbol.asyncIterator]() { seen.push(active()); return this; },
          async next() { seen.push(active()); await later(); return { value: 1, done: false }; },
          async return() { seen.push(active()); await later(); return {}; },
        };
        let n = 0;
        for await (const value of iterator) if (++n === 2) break;
        return seen;`,
    );
    expect(seen).toEqual(['A', 'A', 'A', 'A']);
  });

  test('where the iterator fails', async () => {
    const seen = await runIn(
      'A',
      `
        const seen = [];
        const failing = [
          [Promise.reject(1)],
          (async function* () { await later(); throw 2; })(),
          { [Symbol.asyncIterator]: () => ({ next() { throw 3; } }) },
          { [Symbol.asyncIterator]: () => ({ next: () => later().then(() => 4) }) },
          { [Symbol.asyncIterator]: () => ({ next: () => ({ done: false }), return: () => Promise.reject(5) }) },
          null,
        ];
        for (const iterable of failing) {
          try { for await (const value of iterable) break; } catch (reason) { seen.push(reason instanceof TypeError ? 'TypeError' : reason, active()); }
        }
        return seen;`,
    );
    expect(seen).toEqual([1, 'A', 2, 'A', 3, 'A', 'TypeError', 'A', 5, 'A', 'TypeError', 'A']);
  });

  test('in a generator that is closed because a value is rejected, where the engine closes it', async () => {
    const seen = await runIn(
      'A',
      `
        const seen = [];
        function* generate() { try { yield Promise.reject(1); } finally { seen.push(active()); } }
        try { for await (const x of generate()); } catch (reason) { seen.push(reason); }
        async function* delegate() { try { yield* generate(); } catch (reason) { seen.push(reason, active()); } }
        await within('B', () => delegate().next());
        return seen;`,
    );
    expect(seen).toEqual((await closesRejected()) ? ['A', 1, 'B', 1, 'B'] : [1, 1, 'B']);
  });

  test('of each of two loops over the same iterator', async () => {
    const seen = await run(`
      const seen = [];
      const numbers = (async function* () { for (let n = 0; n < 20; n += 1) { await (n % 2 ? soon() : later()); yield n; } })();
      const loop = async () => { let mine; for await (const n of numbers) { mine ??= active(); if (active() !== mine) seen.push(mine); await soon(); } return mine; };
      return [await Promise.all([within('A', loop), within('B', loop)]), seen];`);
    expect(seen).toEqual([['A', 'B'], []]);
  });

  test('with a target that is assigned to, or a pattern', async () => {
    const seen = await runIn(
      'A',
      `
        const seen = []; const o = {};
        for await (o.x of [1]) seen.push(o.x, active());
        for await (const [a, b = active()] of [[1]]) seen.push(b);
        return seen;`,
    );
    expect(seen).toEqual([1, 'A', 'A']);
  });
});
