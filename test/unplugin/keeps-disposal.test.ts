import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';
import { active, allJobsDone, bracketingManagers, named, register, within } from '../support/awaiting.js';
import { run, transformedWays } from './programs.js';

afterEach(async () => {
  await allJobsDone();
  expect(active()).toBeUndefined();
});

/** Declares what the programs use: a resource that tells where it is disposed, and loses the context at the end. */
const prelude = `
  const seen = [];
  const open = (name, wait = later) => ({ name, async [asyncDispose]() { seen.push(name, active()); await wait(); seen.push(active()); } });
  const openSync = (name) => ({ name, [dispose]() { seen.push(name, active()); } });
`;

const table = bracketingManagers.flatMap(([name, make]) =>
  transformedWays.map((way) => [name, way, make] as const),
);

describe.each(table)('under %s, await using keeps the context (%s)', (_name, way, make) => {
  beforeEach(() => {
    register(make());
  });

  const runIn = (name: string, body: string) =>
    within(name, () => run(`${prelude}${body}\nreturn seen;`, {}, way));

  test('in the disposers and after the block', async () => {
    const seen = await runIn(
      'A',
      `{ await using a = open('a'), b = openSync('b'); await using c = await soon().then(() => open('c')); using d = openSync('d'); seen.push(a.name, c.name, active()); }
       seen.push(active());`,
    );
    expect(seen).toEqual(['a', 'c', 'A', 'd', 'A', 'c', 'A', 'A', 'b', 'A', 'a', 'A', 'A', 'A']);
  });

  test('in the body of a function', async () => {
    const seen = await runIn(
      'A',
      `const f = async () => { await using a = open('a'); await using b = open('b'); return active(); };
       seen.push(await f(), active());`,
    );
    expect(seen).toEqual(['b', 'A', 'A', 'a', 'A', 'A', 'A', 'A']);
  });

  test('after a block that holds nothing but null', async () => {
    const seen = await runIn('A', `{ await using a = null, b = undefined; } seen.push(active());`);
    expect(seen).toEqual(['A']);
  });

  test('in a resource that is disposed after null', async () => {
    const seen = await runIn(
      'A',
      `{ using a = openSync('a'); await using b = null; } { await using c = openSync('c'), d = undefined; } seen.push(active());`,
    );
    expect(seen).toEqual(['a', 'A', 'c', 'A', 'A']);
  });

  test('after a block that is left by a throw, and in its handlers', async () => {
    const seen = await runIn(
      'A',
      `try { await using a = open('a'); throw new Error('left'); } catch (error) { seen.push(error.message, active()); } finally { seen.push(active()); }
       try { { await using a = { async [asyncDispose]() { await later(); throw new Error('disposer'); } }; } } catch (error) { seen.push(error.message, active()); }
       seen.push(active());`,
    );
    expect(seen).toEqual(['a', 'A', 'A', 'left', 'A', 'A', 'disposer', 'A', 'A']);
  });

  test('after a block that is left by break, continue and return', async () => {
    const seen = await runIn(
      'A',
      `outer: for (const n of [1, 2]) { out: { await using a = open(n); if (n === 1) break out; continue outer; } seen.push(active()); }
       const f = async () => { try { { await using a = open(3); return 'returned'; } } finally { seen.push(active()); } };
       seen.push(await f());`,
    );
    expect(seen).toEqual([1, 'A', 'A', 'A', 2, 'A', 'A', 3, 'A', 'A', 'A', 'returned']);
  });

  test('in the rounds of a loop that disposes one each', async () => {
    const seen = await runIn(
      'A',
      `l: for (await using a of [open(1), open(2), open(3)]) { seen.push(active()); if (a.name === 2) break l; continue l; }
       seen.push(active());
       for await (await using a of [later().then(() => open(4)), null]) seen.push(active());
       seen.push(active());`,
    );
    expect(seen).toEqual([...['A', 1, 'A', 'A', 'A', 2, 'A', 'A', 'A'], ...['A', 4, 'A', 'A', 'A', 'A']]);
  });

  test('after a loop that disposes at its end', async () => {
    const seen = await runIn(
      'A',
      `l: for (await using a = open(1), b = open(2); seen.length < 3; seen.push(b.name)) { seen.push(active()); continue l; }
       seen.push(active());`,
    );
    expect(seen).toEqual(['A', 2, 'A', 2, 2, 'A', 'A', 1, 'A', 'A', 'A']);
  });

  test('in an async generator, apart from its consumer', async () => {
    const seen = await run(
      `${prelude}
       async function* generate() { { await using a = open('a'); yield 1; seen.push(active()); yield 2; } seen.push(active()); }
       const generator = generate();
       await within('G', () => generator.next());
       await within('C', async () => { for await (const _ of generator); seen.push(active()); });
       return seen;`,
      {},
      way,
    );
    expect(seen).toEqual(['G', 'a', 'G', 'G', 'G', 'C']);
  });

  test('and awaits nothing behind a block that is left before it declares a resource', async () => {
    const seen = await runIn(
      'A',
      `let isSame = true;
       const left = async (way) => {
         block: { if (way === 1) break block; await using a = null; }
         try { if (way !== 2) { await using a = 5; } } catch (error) { seen.push(error.name); }
         try { if (way !== 2) for (await using a of [5]); } catch (error) { seen.push(error.name); }
         try { if (way !== 2) for (await using a = 5;;); } catch (error) { seen.push(error.name); }
         seen.push(isSame);
       };
       const first = left(1), second = left(2);
       isSame = false;
       await first; await second;`,
    );
    expect(seen).toEqual(['TypeError', 'TypeError', 'TypeError', true, false]);
  });

  test('of tasks that interleave', async () => {
    const body = `for (let n = 0; n < 5; n += 1) { { await using a = open('a', n % 2 ? soon : later); } seen.push(active()); }`;
    const [a, none, b] = (await Promise.all([
      runIn('A', body),
      run(`${prelude}${body}\nreturn seen;`, {}, way),
      runIn('B', body),
    ])) as unknown[][];
    const names = (seen: unknown[] = []) => [...new Set(seen)].filter((name) => name !== 'a');
    expect([names(a), names(none), names(b)]).toEqual([['A'], [undefined], ['B']]);
  });
});

test.each(transformedWays)('a context attached by `using` ends with its block (%s)', async (way) => {
  const manager = register(new DomainContextManager());
  const attach = (name: string) => {
    const token = manager.attach(named(name));
    return { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: () => token.dispose() };
  };
  const seen = await within('A', () =>
    run(
      `${prelude}
       { using token = attach('B'); await using a = open('a'); seen.push(active()); }
       seen.push(active());
       { await using b = open('b'); using token = attach('B'); await soon(); seen.push(active()); }
       seen.push(active());
       return seen;`,
      { attach },
      way,
    ),
  );
  expect(seen).toEqual(['B', 'a', 'B', 'B', 'A', 'B', 'b', 'A', 'A', 'A']);
});
