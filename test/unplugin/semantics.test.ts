import { describe, expect, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';
import { allJobsDone, register, within } from '../support/awaiting.js';
import { traceJobs } from '../support/jobs.js';
import { parsesUsing, runLogged, transformedWays, type Way } from './programs.js';
import { awaits } from './semantics-awaits.js';
import { asyncGenerators, awaitUsing, forAwait, forWithoutHead } from './semantics-programs.js';

const start = (body: string, way: Way, log: (label: unknown) => void): Promise<void> =>
  runLogged(body, way, log, { log }, describeValue);

/** Messages are the engine's and may differ. */
function describeValue(value: unknown): string {
  if (!(value instanceof Error)) return String(value);
  // Reason for the cast: a SuppressedError, which not every runtime has, holds two more.
  const { error, suppressed } = value as { error?: unknown; suppressed?: unknown };
  const parts = suppressed === undefined ? '' : `(${describeValue(error)}, ${describeValue(suppressed)})`;
  return `${value.name}${value.constructor === Error ? ` ${value.message}` : ''}${parts}`;
}

describe.each([
  ['await', awaits],
  ['for await', forAwait],
  ['async generators', asyncGenerators],
  ['await using', awaitUsing],
])('transformed code does what the language says: %s', (_area, programs) => {
  const cases = Object.entries(programs).flatMap(([name, body]) =>
    (body.includes('using') ? transformedWays : (['transformed'] as const)).map(
      (way) => [name, way, body] as const,
    ),
  );

  test.each(cases)('%s (%s, nothing active: in the same jobs)', async (name, way, body) => {
    const reference = way === 'transformed and lowered' ? 'lowered' : 'as written';
    const written = await traceJobs((log) => void start(writtenOf(name, body, reference), reference, log));
    expect(written.join()).toMatch(/returned|threw/);
    expect(await traceJobs((log) => void start(body, way, log))).toEqual(written);
  });

  test.each(cases)('%s (%s, a context active)', async (name, way, body) => {
    const written: unknown[] = [];
    await start(writtenOf(name, body, 'as written'), 'as written', (label) => written.push(label));
    register(new DomainContextManager());
    const seen: unknown[] = [];
    await within('A', () => start(body, way, (label) => seen.push(label)));
    await allJobsDone();
    if (!racing.has(name)) expect(seen).toEqual(written);
    else expect(seen.map(String).sort()).toEqual(written.map(String).sort());
  });
});

// V8 13 lets native code assign to it.
test.each(transformedWays)('the name of a resource cannot be assigned to (%s)', async (way) => {
  const seen: unknown[] = [];
  await start('await using a = null; a = 1;', way, (label) => seen.push(label));
  expect(seen).toEqual(['threw TypeError']);
});

/** In which order the parts of these take their turns is up to the number of jobs, which a kept await needs more of. */
const racing = new Set([
  'a native promise in one job',
  'return in an async function is not awaited twice',
  'requests are queued',
]);

/** The program to compare with: esbuild does not lower `await using` in the head of a `for`. */
function writtenOf(name: string, body: string, way: Way): string {
  const isLowered = way === 'lowered' || !parsesUsing;
  return name === 'for with a head' && isLowered ? forWithoutHead : body;
}
