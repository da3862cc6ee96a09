import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type EngineName, testWith } from '../support/engines.js';
import { failure, miraiError } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { importTasks, MiraiError, mirai } from '../support/library.js';
import { sharedPool } from '../support/pool.js';
import { scratchFolder } from '../support/scratch.js';
import { brokenModule, tasks } from '../support/tasks.js';

const { gate, state, values } = tasks;
const valuesUrl = new URL('../tasks/values.mjs', import.meta.url);

export function tasksConform(engine: EngineName): void {
  describe('tasks', () => {
    sharedPool(engine, 1);

    test('arguments are what they were at the call, for a task that runs and for one that waits', async () => {
      const { path, next } = await openGate();
      const held = mirai(gate.hold, [path, 'held']);
      const visitor = await next();
      const list = [1, 2];
      const bytes = Uint8Array.of(1, 2);
      const map = new Map([['a', { deep: 1 }]]);
      const args: [number[], Uint8Array, Map<string, { deep: number }>] = [list, bytes, map];
      const queued = mirai((l: number[], b: Uint8Array, m: Map<string, { deep: number }>) => [l, b, m], args);
      list.push(3);
      bytes[0] = 9;
      map.set('a', { deep: 2 });
      args.reverse();
      visitor.release();
      await held;
      const captured = [[1, 2], Uint8Array.of(1, 2), new Map([['a', { deep: 1 }]])];
      expect(await queued).toEqual(captured);
      const started = mirai((l: number[]) => l, [list]);
      list.length = 0;
      expect(await started).toEqual([1, 2, 3]);
    });

    test('a task cannot change what its caller has', async () => {
      const mine = { list: [1] };
      await mirai((given: typeof mine) => void given.list.push(2), [mine]);
      expect(mine).toEqual({ list: [1] });
    });

    test.each([
      ['an arrow function', (a: number) => a + 1],
      ['an async arrow function', async (a: number) => a + 1],
      [
        'a function expression',
        function plusOne(a: number) {
          return a + 1;
        },
      ],
      [
        'an async function',
        async function plusOne(a: number) {
          return (await a) + 1;
        },
      ],
      [
        'a function with defaults and rest',
        (a: number, { b } = { b: 1 }, ...rest: number[]) => a + b + rest.length,
      ],
      ['an arrow function that returns an object', (a: number) => ({ sum: a + 1 }).sum],
      [
        'a method',
        {
          plusOne(a: number) {
            return a + 1;
          },
        }.plusOne,
      ],
      [
        'an async method',
        {
          async plusOne(a: number) {
            return a + 1;
          },
        }.plusOne,
      ],
      ['a function after a comment', runInThisContext('(/* first */ a => /* then */ a + 1 // last\n)')],
    ] as [string, (a: number) => number | Promise<number>][])('%s runs from its source', async (_, task) => {
      expect(await mirai(task, [41])).toBe(42);
    });

    test('a function that calls itself by its name runs', async () => {
      const factorial = function factorial(n: number): number {
        return n < 2 ? 1 : n * factorial(n - 1);
      };
      expect(await mirai(factorial, [5])).toBe(120);
    });

    test('a free variable is a ReferenceError that says that a task sees only its arguments', async () => {
      const secret = 42;
      const error = await miraiError(() => mirai(() => secret, []));
      expect(error).toMatchObject({ name: 'ReferenceError', code: 'miraiError' });
      expect(error.message).toContain('secret is not defined');
      expect(error.message).toMatch(/argument/);
    });

    test('a function imports packages from the working directory of the host', async () => {
      const source = `async () => (await import('otel-promise-domain/mirai')).onDaemon()`;
      expect(await mirai(runInThisContext(source) as () => Promise<boolean>, [])).toBe(true);
    });

    test.each([
      ['a bound function', ((a: number) => a).bind(null)],
      ['a native function', Math.abs],
    ] as [string, (a: number) => number][])(
      '%s is refused, as its source is not to be had',
      async (_, task) => {
        const error = await failure(() => mirai(task, [1]));
        expect(error instanceof TypeError || error instanceof MiraiError).toBe(true);
        expect(String(error)).toMatch(/native|bound|source/);
      },
    );

    test('functions of a module run by name, by default too', async () => {
      expect(await mirai(values.add, [20, 22])).toBe(42);
      expect(await mirai(values.default, ['x'])).toBe('by default: x');
    });

    test.each([
      ['a URL', valuesUrl],
      ['the text of a URL', valuesUrl.href],
      ['an absolute path', fileURLToPath(valuesUrl)],
    ])('importTasks() takes %s', async (_, where) => {
      const { add } = importTasks<{ add(a: number, b: number): number }>(where);
      expect(await mirai(add, [1, 2])).toBe(3);
    });

    test('a module is loaded once in a daemon', async () => {
      const first = await mirai(state.countCalls, []);
      expect(await mirai(state.countCalls, [])).toBe(first + 1);
    });

    testWith(engine, 'modules of its own', 'a module is not the one of the host', async () => {
      const here: { countCalls(): number } = await import('../tasks/state.mjs' as string);
      for (let call = 0; call < 100; call++) here.countCalls();
      expect(await mirai(state.countCalls, [])).toBeLessThan(100);
    });

    test('a module with a syntax error is a MiraiError that says so, and the daemon lives on', async () => {
      const path = join(scratchFolder(), 'broken-syntax.mjs');
      writeFileSync(path, 'export const task = ');
      const { task } = importTasks<{ task(): unknown }>(path);
      const error = await miraiError(() => mirai(task, []));
      expect(`${error.name}: ${error.message}`).toMatch(/broken-syntax|SyntaxError|Unexpected/);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test.each([
      ['that is not there', brokenModule('no-such-module'), /no-such-module/],
      ['that throws when it is loaded', brokenModule('broken-load'), /loading failed/],
      ['without the export', values.missing, /missing/],
      ['whose export is no function', values.notCallable, /notCallable/],
    ])(
      'a module %s is a MiraiError that says so, every time, and the daemon lives on',
      async (_, task, text) => {
        for (let attempt = 0; attempt < 2; attempt++) {
          const error = await miraiError(() => mirai(task as typeof values.missing, []));
          expect(`${error.name}: ${error.message}`).toMatch(text);
        }
        expect(await mirai(values.add, [1, 2])).toBe(3);
      },
    );
  });
}
