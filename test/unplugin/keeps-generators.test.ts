import { transformSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';
import { transformAwaits } from '../../src/unplugin/index.js';
import * as runtime from '../../src/unplugin/runtime.js';
import { active, allJobsDone, bracketingManagers, register, within } from '../support/awaiting.js';
import { run } from './programs.js';

afterEach(async () => {
  await allJobsDone();
  expect(active()).toBeUndefined();
});

/** V8 from 12 on calls `next` of the inner iterator instead of `throw`, against ECMA-262, AsyncGeneratorYield. */
async function throwsAtDelegation(): Promise<boolean> {
  const called: string[] = [];
  const steps = {
    [Symbol.asyncIterator]: () => steps,
    next: async () => ({ done: called.push('next') > 1, value: undefined }),
    throw: async () => ({ done: called.push('throw') > 1, value: undefined }),
  };
  const delegating = (async function* () {
    yield* steps;
  })();
  await delegating.next();
  await delegating.return(Promise.reject(new Error('not seen')));
  return called.includes('throw');
}

/** Ways to yield 1, 2 and 3, telling `see` what is active after each. */
const yields: [string, string][] = [
  [
    'yield',
    'yield 1; see(active()); yield soon().then(() => 2); see(active()); yield later().then(() => 3); see(active());',
  ],
  ['yield* of an array', 'yield* [1, soon().then(() => 2), 3]; see(active(), active(), active());'],
  [
    'yield* of an async generator',
    'yield* (async function* () { yield 1; see(active()); await later(); yield 2; see(active()); yield 3; })(); see(active());',
  ],
  [
    'yield* of an async iterator by hand',
    `yield* { n: 0, [Symbol.asyncIterator]() { return this; }, async next() {
       if (this.n) see(active()); await later(); return { value: ++this.n, done: this.n > 3 }; } };`,
  ],
];

describe.each(bracketingManagers)('under %s, an async generator keeps its context', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  test.each(yields)('after %s, apart from that of its consumer', async (_what, body) => {
    const result = await run(`
      const seen = [], values = [], consumer = [];
      const see = (...names) => seen.push(...names);
      async function* generate() { ${body} }
      const generator = generate();
      values.push((await within('G', () => generator.next())).value);
      await within('C', async () => {
        for await (const value of generator) { values.push(value); consumer.push(active()); }
        consumer.push(active());
      });
      return { seen, values, consumer };`);
    expect(result).toEqual({ seen: ['G', 'G', 'G'], values: [1, 2, 3], consumer: ['C', 'C', 'C'] });
  });

  test('leaks nothing into the consumer that calls next(), return() and throw()', async () => {
    const seen = await run(`
      const seen = [];
      async function* generate() { try { while (true) { try { seen.push(yield active()); } catch (reason) { seen.push(reason, active()); } } } finally { seen.push(active()); await later(); seen.push(active()); } }
      const generator = generate();
      await within('G', () => generator.next());
      await within('C', async () => {
        for (const [method, value] of [['next', 'n'], ['throw', 't'], ['return', 'r']]) {
          const pending = generator[method](value);
          seen.push(active());
          seen.push((await pending).value, active());
        }
      });
      return seen;`);
    expect(seen).toEqual(['C', 'n', 'G', 'C', 'C', 't', 'G', 'G', 'C', 'C', 'G', 'G', 'r', 'C']);
  });

  test('in catch and finally where an awaited operand is rejected', async () => {
    const seen = await run(`
      const seen = [];
      async function* generate() {
        try { yield Promise.reject(1); } catch (reason) { seen.push(reason, active()); } finally { seen.push(active()); }
        try { yield* [1, Promise.reject(2)]; } catch (reason) { seen.push(reason, active()); }
        try { yield 3; return Promise.reject(4); } catch (reason) { seen.push(reason, active()); } finally { seen.push(active()); }
      }
      const generator = generate();
      await within('G', () => generator.next());
      await within('C', async () => { for await (const _ of generator); });
      return seen;`);
    expect(seen).toEqual([1, 'G', 'G', 2, 'G', 4, 'G', 'G']);
  });

  test('when it is returned from with a promise that is rejected, where the engine throws that at yield*', async () => {
    const seen = await run(`
      const seen = [];
      async function* generate() { try { yield 1; } catch (reason) { seen.push(reason, active()); yield 2; } }
      const generator = generate();
      await within('G', () => generator.next());
      return [await within('C', () => generator.return(Promise.reject('r'))), seen];`);
    const thrown = [{ value: 2, done: false }, ['r', 'G']];
    expect(seen).toEqual((await throwsAtDelegation()) ? thrown : [{ value: undefined, done: true }, []]);
  });

  test('through requests that were queued before it got there', async () => {
    const seen = await run(`
      const seen = [];
      async function* generate() { seen.push(active()); for (let n = 0; n < 3; n += 1) { await later(); yield n; seen.push(active()); } }
      const generator = generate();
      const results = [
        within('G', () => generator.next()), within('C', () => generator.next()), within('D', () => generator.next()),
        generator.next(), within('E', () => generator.next()),
      ];
      return [(await Promise.all(results)).map(({ value, done }) => done || value), seen];`);
    expect(seen).toEqual([
      [0, 1, 2, true, true],
      ['G', 'G', 'G', 'G'],
    ]);
  });

  test('passing on what delegation is sent, in its own context', async () => {
    const seen = await run(`
      const seen = [];
      const inner = {
        [Symbol.asyncIterator]() { seen.push('open', active()); return this; },
        next(value) { seen.push('next', value, active()); return later().then(() => ({ value: 1, done: false })); },
        throw(reason) { seen.push('throw', reason, active()); return { value: 2, done: false }; },
        get return() { seen.push('get return', active()); return (value) => ({ value, done: true }); },
      };
      async function* generate() { try { yield* inner; } finally { seen.push('finally', active()); } }
      const generator = generate();
      await within('G', () => generator.next());
      seen.push(await within('C', async () => [(await generator.next('n')).value, (await generator.throw('t')).value, (await generator.return('r')).value, active()]));
      return seen;`);
    expect(seen).toEqual([
      ...['open', 'G', 'next', undefined, 'G', 'next', 'n', 'G', 'throw', 't', 'G', 'get return', 'G'],
      ...['finally', 'G', [1, 2, 'r', 'C']],
    ]);
  });

  test('where what it delegates to has no throw or return', async () => {
    const seen = await run(`
      const seen = [];
      const bare = () => ({ [Symbol.asyncIterator]() { return this; }, next: () => ({ value: 1, done: false }) });
      async function* generate() {
        try { yield* bare(); } catch (error) { seen.push(error.constructor.name, active()); }
        try { yield* bare(); } finally { seen.push(active()); }
      }
      const generator = generate();
      await within('G', () => generator.next());
      await within('C', async () => { await generator.throw(1); seen.push((await generator.return(soon().then(() => 5))).value); });
      return seen;`);
    expect(seen).toEqual(['TypeError', 'G', 'G', 5]);
  });

  test('when its consumer leaves a loop early', async () => {
    const seen = await run(`
      const seen = [];
      async function* generate() { try { yield 1; yield 2; } finally { seen.push(active()); await soon(); seen.push(active()); } }
      const generator = generate();
      await within('G', () => generator.next());
      await within('C', async () => { for await (const _ of generator) break; seen.push(active()); });
      return seen;`);
    expect(seen).toEqual(['G', 'G', 'C']);
  });

  test('as a method, nested, and with what it is sent', async () => {
    const seen = await run(`
      const seen = [];
      const o = { async *m(a) { const b = yield a; const f = async () => { await soon(); return active(); }; seen.push(b, yield (yield b), await f(), active()); return yield; } };
      const generator = o.m(1);
      await within('G', () => generator.next());
      const values = await within('C', async () => {
        const values = [];
        for (const sent of [2, 3, 4, 5]) values.push((await generator.next(sent)).value);
        return values;
      });
      return [values, seen];`);
    expect(seen).toEqual([
      [2, 3, undefined, 5],
      [2, 4, 'G', 'G'],
    ]);
  });

  test('keeps two generators apart that take turns', async () => {
    const seen = await run(`
      const seen = { A: [], B: [] };
      async function* generate(name) { for (let n = 0; n < 10; n += 1) { yield n; seen[name].push(active()); await soon(); seen[name].push(active()); } }
      const a = generate('A'), b = generate('B');
      await within('A', () => a.next()); await within('B', () => b.next());
      for (let n = 0; n < 10; n += 1) await Promise.all([within('x', () => a.next()), b.next()]);
      return Object.values(seen).map((names) => [...new Set(names)]);`);
    expect(seen).toEqual([['A'], ['B']]);
  });
});

test('delegation that was lowered throws where a step is no object', async () => {
  register(new DomainContextManager());
  const source = `module.exports = async function* () {
    const steps = { [Symbol.asyncIterator]() { return this; }, next: () => 5 };
    try { yield* steps; } catch (error) { return error.name; }
  };`;
  const code = transformAwaits(source, '/program.cjs')?.code ?? '';
  const module: { exports?: () => AsyncGenerator } = {};
  const lowered = transformSync(code, { target: 'es2017' }).code;
  new Function('module', 'require', lowered)(module, () => runtime);
  expect(await within('G', () => module.exports?.().next())).toEqual({ value: 'TypeError', done: true });
});
