import { context, createContextKey } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { managers, startTracing } from '../support/tracing.js';
import { allJobsDone, collectUnhandledRejections } from '../support/unhandled-rejections.js';
import { libraryWorld, spanLogger } from './library-world.js';
import { modelWorld } from './model.js';
import type { Body, Program, Statement } from './program.js';
import { randomProgram } from './random-program.js';
import { startProgram } from './run-program.js';
import { words } from './world.js';

const programsPerManager = 6_000;

/** What the model says that the program does. */
function foretell(program: Program, restoresContext: boolean): string[] {
  const log: string[] = [];
  const world = modelWorld((line) => log.push(line), { restoresContext });
  startProgram(program, world);
  world.finish();
  return log;
}

/** Runs programs on the library, one after another; each resolves with what it did. */
function startLibrary(makeManager: (typeof managers)[number][1]) {
  let log: string[] = [];
  const write = (line: string) => void log.push(line);
  const { tracer } = startTracing(makeManager(), spanLogger(write));
  const world = libraryWorld(tracer, write);
  const unhandled = collectUnhandledRejections();
  return async (program: Program): Promise<string[]> => {
    await allJobsDone(); // so that the program starts with no job queued
    log = [];
    startProgram(program, world);
    await allJobsDone();
    return [...log, ...unhandled.splice(0).map(words.unhandled)];
  };
}

/** Whether the registered manager has the context of a native `then()` active in its callbacks. */
function managerRestoresContext(): Promise<boolean> {
  const marked = context.active().setValue(createContextKey('mark'), true);
  return context.with(marked, () => Promise.resolve().then(() => context.active() === marked));
}

describe.each(managers)('random programs under the %s', (_name, makeManager) => {
  test('do what the model says, step by step', async () => {
    const run = startLibrary(makeManager);
    const restoresContext = await managerRestoresContext();
    await fc.assert(
      fc.asyncProperty(randomProgram, async (program) => {
        const foretold = foretell(program, restoresContext);
        expect(await run(program)).toEqual(foretold);
      }),
      { numRuns: programsPerManager },
    );
  }, 120_000);
});

test('random programs reach every kind of step', () => {
  const drawn = fc.sample(randomProgram, { numRuns: 2_000, seed: 1 });
  const log = drawn.flatMap((program) => foretell(program, false));
  const kinds = [
    /onFulfilled.*span s.*domain handoff/,
    /onRejected.*span s.*domain handoff/,
    /onFinally.*span s.*domain handoff/,
    /p\d+ on.*span -, baggage b/,
    /p\d+ on.*domain other/,
    /p\d+ on.*domain none/,
    /d1 onFulfilled enters \| span s/,
    /d1 onFulfilled enters \| span -/,
    /d2 onFinally enters/,
    /d3 onRejected enters/,
    /d1 is told of/,
    /l\d+ disposed .*domain handoff/,
    /starts, child of s/,
    /ends, unset/,
    /ends, error .*exceptions: 0/,
    /ends, error .*exceptions: 1/,
    /thenable .* starts/,
    /on.*\(AggregateError/,
    /unhandled: Error\(d2 was told/,
    /unhandled: TypeError\(Chaining cycle\)/,
  ];
  expect(kinds.filter((kind) => !log.some((line) => kind.test(line)))).toEqual([]);
});

test('the model knows the acceptance timeline', () => {
  const then = (id: number, promise: number): Statement => ({
    kind: 'then',
    id,
    promise,
    onFulfilled: body([{ kind: 'child span', id: id * 10 }], 0),
    onRejected: undefined,
  });
  const body = (statements: Statement[], ref: number): Body => ({
    statements,
    end: { throws: false, value: { kind: 'promise', ref } },
  });
  const span = { in: 'span' as const, recordErrors: true };
  const program: Program = {
    forgotten: [],
    body: body(
      [
        {
          kind: 'block',
          id: 1,
          block: { in: 'handoff' },
          body: body([{ kind: 'block', id: 2, block: span, body: body([then(3, 0)], 3) }, then(4, 2)], 4),
        },
        then(5, 1),
      ],
      5,
    ),
  };
  expect(foretell(program, false)).toEqual([
    'program | span -, baggage -, domain none',
    'block 1 | span -, baggage -, domain handoff',
    's2 starts, child of -',
    'block 2 | span s2, baggage -, domain handoff',
    'block 2 gives a promise | span -, baggage -, domain handoff',
    'block 1 gives a promise | span -, baggage -, domain none',
    'p3 onFulfilled(p0) | span s2, baggage -, domain handoff',
    's30 starts, child of s2',
    's30 ends, unset, exceptions: 0',
    's2 ends, unset, exceptions: 0',
    'p4 onFulfilled(p0) | span -, baggage -, domain handoff',
    's40 starts, child of -',
    's40 ends, unset, exceptions: 0',
    'p5 onFulfilled(p0) | span -, baggage -, domain none',
    's50 starts, child of -',
    's50 ends, unset, exceptions: 0',
  ]);
});
