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

/** Sooner than a timer, whose shortest time browsers raise. */
function laterJob(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const close = () => {
      port1.close();
      resolve();
    };
    // Every runtime has it; the types of Node know other ways only.
    Object.assign(port1, { onmessage: close });
    port2.postMessage(undefined);
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
