import { AsyncLocalStorage } from 'node:async_hooks';
import { type ContextManager, context } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';
import { recordTimeline, type TimelineStep } from '../../src/testing/index.js';
import { bracketingManagers } from '../support/awaiting.js';
import { managers, startTracing } from '../support/tracing.js';
import { type Body, randomProgram, withoutLocalDomains } from './support/random-programs.js';
import { type Happening, runProgram, type World } from './support/run-random-program.js';

// Whose await it is, shows in stack traces as far as they go.
Error.stackTraceLimit = Number.POSITIVE_INFINITY;

const nothing = () => {};
const allManagers = new Map<string, () => ContextManager>([...managers, ...bracketingManagers]);

/** Registers a provider that tells the running program of its spans; what it returns runs a program, recorded or not. */
function startPrograms(makeManager: () => ContextManager) {
  let tell: World['tell'] = nothing;
  const names = new Map<string, string>();
  /** By the name of a span, that of its parent. */
  let parents: [string, string | undefined][] = [];
  const processor: SpanProcessor = {
    onStart(span) {
      const { name, parentSpanContext } = span;
      names.set(span.spanContext().spanId, name);
      parents.push([name, names.get(parentSpanContext?.spanId ?? '')]);
      tell('span start', name);
    },
    onEnd: ({ name }) => tell('span end', name),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const { tracer } = startTracing(makeManager(), processor);
  const run = (program: Body, mark: (label: string) => void = nothing) =>
    runProgram(program, (told) => {
      tell = told;
      parents = [];
      return {
        tracer,
        mark(label) {
          told('mark', label);
          mark(label);
        },
      };
    });
  return {
    run,
    /** Those of the last program. */
    parents: () => parents,
    record: (program: Body) => recordTimeline(({ mark }) => run(program, mark), { timeout: Infinity }),
  };
}

const kinds: Partial<Record<TimelineStep['kind'], Happening['kind']>> = {
  'then captured': 'then',
  'then not captured': 'then',
  'callback enter': 'callback enter',
  'callback leave': 'callback leave',
  'span start': 'span start',
  'span end': 'span end',
  mark: 'mark',
};

type Entry = Pick<Happening, 'kind' | 'turn' | 'active'> & { readonly label: string | undefined };

/** What a timeline must agree on with what the program itself has told, in order. */
function comparable(entries: readonly Entry[]) {
  const turnsSeen = [...new Set(entries.map(({ turn }) => turn))];
  return entries.map(({ kind, label, active, turn }) => {
    const isOver = kind === 'callback leave' || kind === 'span end';
    return `${turnsSeen.indexOf(turn)}: ${kind} ${label} ${isOver ? '' : active}`;
  });
}

function stepsOf(steps: readonly TimelineStep[]): Entry[] {
  return steps.flatMap(({ kind, label, span, active, tick }) => {
    const told = kinds[kind];
    const ofSpan = told === 'span start' || told === 'span end';
    return told ? [{ kind: told, label: ofSpan ? span : label, active, turn: tick }] : [];
  });
}

describe.each([...allManagers])('random programs under %s', (_name, makeManager) => {
  test('do the same in the same turns, recorded or not, and the recording has every step once', async () => {
    const { run, record, parents } = startPrograms(makeManager);
    await fc.assert(
      fc.asyncProperty(randomProgram, async (program) => {
        const unrecorded = await run(program);
        const { steps, spans, result } = await record(program);
        expect(result).toEqual({ status: 'fulfilled', value: unrecorded });
        const told = unrecorded.filter(({ kind }) => kind !== 'other');
        expect(comparable(stepsOf(steps))).toEqual(comparable(told));
        const labelOf = (id: string | undefined) => spans.find((span) => span.id === id)?.label;
        expect(spans.map(({ label, parent }) => [label, labelOf(parent)])).toEqual(parents());
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

/** Without local domains: one that outlives its job is in force in jobs queued before, of other programs too. */
const programsTogether = fc.array(randomProgram.map(withoutLocalDomains), { minLength: 2, maxLength: 3 });

describe.each([...allManagers])('random programs at the same time under %s', (_name, makeManager) => {
  test('have the same text as each alone', async () => {
    new AsyncLocalStorage(); // by which they are told apart
    const { record } = startPrograms(makeManager);
    await fc.assert(
      fc.asyncProperty(programsTogether, async (programs) => {
        const alone = [];
        for (const program of programs) alone.push(String(await record(program)));
        expect((await Promise.all(programs.map(record))).map(String)).toEqual(alone);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

test('random programs reach every kind of step, with and without a span and a domain', async () => {
  const { record } = startPrograms(() => new DomainContextManager());
  const seen = new Set<string>();
  for (const program of fc.sample(randomProgram, { numRuns: 300, seed: 1 })) {
    const { steps } = await record(program);
    for (const { kind, active, method, note } of steps)
      seen.add(`${method ?? kind} ${active ? 'in a span' : 'in none'}`).add(`${kind} ${note?.slice(0, 9)}`);
  }
  const sought = [
    'then in a span',
    'then in none',
    'catch in a span',
    'finally in a span',
    'span start in a span',
    'span activate in a span',
    'mark in a span',
    'mark in none',
    'await captured in a span',
    'await enter in a span',
    'await leave in none',
    'callback leave throws Er',
    'span end it has en',
    'then not captured no domain',
    'then not captured no active',
    'then not captured domain ow',
  ];
  expect(sought.filter((kind) => !seen.has(kind))).toEqual([]);
}, 60_000);

test('random programs without a context manager run as under DomainContextManager', async () => {
  const { run, record } = startPrograms(() => new DomainContextManager());
  await fc.assert(
    fc.asyncProperty(randomProgram, async (program) => {
      context.setGlobalContextManager(new DomainContextManager());
      const unrecorded = await run(program);
      context.disable();
      expect((await record(program)).result).toEqual({ status: 'fulfilled', value: unrecorded });
    }),
    { numRuns: 20 },
  );
}, 60_000);
