import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';
import { bracketingManagers, register } from '../support/awaiting.js';
import { Running } from './program-run.js';
import { randomProgram } from './program-syntax.js';

// Whose await it is, shows in stack traces as far as they go. These programs are recursive, with the same lines over and over.
Error.stackTraceLimit = Number.POSITIVE_INFINITY;

const programsPerManager = 1_000;
const seed = 20261121;

/** Where the programs are to have been looked at, each with a context and with a domain active. */
const places = [
  'after what is forgotten',
  'in a call',
  'in a callback',
  'in a scope',
  'after an await',
  'after a failed await',
  'in catch',
  'in finally',
  'after try',
  'after start',
  'after settle',
  'after scope',
  'after dispose',
  'after local',
  'after microtask',
];

/** A job after all microtasks. Browsers raise the shortest time of a timer; the pages of the suites bring `setImmediate`. */
function laterJob(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe.each(bracketingManagers)('random programs of async functions under %s', (_name, makeManager) => {
  test('have active what the model says, step by step, and leave nothing active in later jobs', async () => {
    const manager = register(makeManager());
    const observed = new Set<string>();
    await fc.assert(
      fc.asyncProperty(randomProgram, async (program) => {
        const running = new Running(manager instanceof DomainContextManager ? manager : undefined);
        await laterJob();
        running.start(program);
        await laterJob();
        running.settle();
        await laterJob();
        running.finish();
        for (const place of running.observed) observed.add(place);
        expect(running.complaints).toEqual([]);
      }),
      { seed, numRuns: programsPerManager },
    );
    const sought = places.flatMap((place) => [`${place}, in a context`, `${place}, in a domain`]);
    const attaching = manager instanceof DomainContextManager;
    const missed = sought.filter((place) => !observed.has(place));
    expect(missed).toEqual(attaching ? [] : ['after what is forgotten, in a context']);
    expect(observed).toContain('after an await, with a variable');
  }, 60_000);
});
