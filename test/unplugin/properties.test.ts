import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';
import { active, allJobsDone, register, within } from '../support/awaiting.js';
import { type Env, program, runLogged, symbols, type Way } from './programs.js';
import { randomFunction, randomGenerator, randomRequests } from './random-programs.js';

const tools = {
  ...symbols,
  tick: () => Promise.resolve(),
  /** A rejection that nobody needs to await. */
  refuse(reason: unknown) {
    const promise = Promise.reject(reason);
    promise.catch(() => {});
    return promise;
  },
};

const start = (body: string, way: Way, log: (label: unknown) => void): Promise<void> =>
  runLogged(body, way, log, { ...tools, log });

/** What `run` logs until it is over, each entry with the turn of the job queue in which it comes. */
async function jobsOf(run: (log: (label: unknown) => void) => Promise<void>): Promise<string[]> {
  const entries: string[] = [];
  let turn = 0;
  let isOver = false;
  const count = () => {
    turn += 1;
    if (!isOver) queueMicrotask(count);
  };
  queueMicrotask(count);
  await run((label) => entries.push(`${turn}: ${label}`));
  isOver = true;
  return entries;
}

/** A thenable that an async function returns is called by the engine, in a job of its own. */
const isStep = (entry: unknown) => !/^(returned|threw|then) /.test(String(entry));

/** A program that sends requests to an async generator, one after the other. */
function consuming(generator: string, requests: readonly (readonly [string, number])[]): string {
  return `
    const generator = (async function* () { ${generator} })();
    for (const [method, value] of ${JSON.stringify(requests)})
      try { const { value: got, done } = await generator[method](value); log('got ' + got + ' ' + done); } catch (reason) { log('failed ' + reason); }`;
}

const randomProgram = fc.oneof(
  randomFunction,
  fc.tuple(randomGenerator, randomRequests).map(([generator, requests]) => consuming(generator, requests)),
);

test('random programs do the same in the same jobs where nothing is active', async () => {
  await fc.assert(
    fc.asyncProperty(randomProgram, async (body) => {
      const written = await jobsOf((log) => start(body, 'lowered', log));
      expect(await jobsOf((log) => start(body, 'transformed and lowered', log))).toEqual(written);
    }),
    { numRuns: 300 },
  );
});

test('random programs do the same in the same order where a context is active, and keep it throughout', async () => {
  register(new DomainContextManager());
  await fc.assert(
    fc.asyncProperty(randomProgram, async (body) => {
      const written: unknown[] = [];
      await start(body, 'as written', (entry) => written.push(entry));
      const seen: unknown[] = [];
      const names = new Set<unknown>();
      await within('A', () =>
        start(body, 'transformed', (entry) => {
          seen.push(entry);
          if (isStep(entry)) names.add(active());
        }),
      );
      await allJobsDone();
      expect(seen).toEqual(written);
      expect([...names].filter((name) => name !== 'A')).toEqual([]);
      expect(active()).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('random generators keep the context that they began in, and leave that of their consumer alone', async () => {
  register(new DomainContextManager());
  await fc.assert(
    fc.asyncProperty(randomGenerator, randomRequests, async (body, requests) => {
      const inside = new Set<unknown>();
      const outside = new Set<unknown>();
      const env: Env = { ...tools, log: (entry: unknown) => isStep(entry) && inside.add(active()) };
      const make = program(`return [async function* () { ${body} }];`, Object.keys(env), 'transformed');
      const [generate] = (await make(env)) as [() => AsyncGenerator]; // cast: it is what the program returns
      const generator = generate();
      const send = program(
        `try { await generator[method](value); } catch {} log();`,
        ['generator', 'method', 'value', 'log'],
        'transformed',
      );
      const log = () => outside.add(active());
      await within('G', () => generator.next().catch(() => {}));
      for (const [method, value] of requests)
        await within('C', () => send({ generator, method, value, log }));
      await allJobsDone();
      expect([...inside].filter((name) => name !== 'G')).toEqual([]);
      expect([...outside]).toEqual(['C']);
      expect(active()).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
