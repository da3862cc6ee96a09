import { ROOT_CONTEXT } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { DomainContextManager, DomainPromise, withOtelPromiseDomain } from '../../src/index.js';
import { register, within } from '../support/awaiting.js';

type Wrap = <T>(promise: Promise<T>) => Promise<T>;

/** Only V8 has the callers of async functions in its stack traces. */
const isV8 = /^ {4}at /m.test(String(new Error().stack));

async function fail(wrap: Wrap): Promise<never> {
  await wrap(Promise.resolve());
  throw new Error('failed');
}

/** Async functions that wait for one that fails, each in its own way. */
const programs: readonly [string, (wrap: Wrap) => Promise<unknown>][] = [
  [
    'three functions deep',
    async function outer(wrap) {
      async function middle() {
        async function inner() {
          await wrap(fail(wrap));
        }
        await wrap(inner());
      }
      await wrap(middle());
    },
  ],
  [
    'in try and finally',
    async function outer(wrap) {
      try {
        await wrap(fail(wrap));
      } finally {
        await wrap(Promise.resolve());
      }
    },
  ],
  [
    'caught and thrown again',
    async function outer(wrap) {
      async function rethrow() {
        try {
          await wrap(fail(wrap));
        } catch (error) {
          await wrap(Promise.resolve());
          throw error;
        }
      }
      await wrap(rethrow());
    },
  ],
  [
    'in a method, called in a loop',
    async function outer(wrap) {
      class Service {
        async call(n: number): Promise<void> {
          if (n === 2) await wrap(fail(wrap));
        }
      }
      for (let n = 0; n < 3; n += 1) await wrap(new Service().call(n));
    },
  ],
];

/** The functions in the stack trace of what `program` throws, without their places. */
async function framesOf(program: (wrap: Wrap) => Promise<unknown>, wrap: Wrap): Promise<string[]> {
  const error = await program(wrap).catch((reason: unknown) => reason);
  const frames = String((error as Error).stack) // cast: an Error is what the programs throw
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .map((line) => line.replace(/ ?\(?[^ ()]+:\d+:\d+\)?$/, '').trim());
  return frames.slice(0, frames.findIndex((frame) => /\bouter\b/.test(frame)) + 1);
}

describe.skipIf(!isV8)('in V8, the stack trace of an error below awaits of domain promises', () => {
  test.each(programs)('names the functions that one of native promises names: %s', async (_what, program) => {
    register(new DomainContextManager());
    const native = await framesOf(program, (promise) => promise);
    expect(native.length).toBeGreaterThanOrEqual(2);
    expect(await within('A', () => framesOf(program, DomainPromise.from))).toEqual(native);
    expect(await framesOf(program, DomainPromise.from)).toEqual(native);
  });

  test.each(programs)(
    'is as the manager wants it from the first await on, that which was made, enabled or used last: %s',
    async (_what, program) => {
      const isWhole = async () =>
        (await withOtelPromiseDomain(() => framesOf(program, DomainPromise.from))).length > 0;
      const whole = register(new DomainContextManager());
      expect(await isWhole()).toBe(true);
      const fast = new DomainContextManager({ asyncStackTraces: false });
      expect(await isWhole()).toBe(false);
      whole.enable();
      expect(await isWhole()).toBe(true);
      fast.with(ROOT_CONTEXT, () => {});
      expect(await isWhole()).toBe(false);
      whole.attach(ROOT_CONTEXT).dispose();
      expect(await isWhole()).toBe(true);
    },
  );

  test('ends at the first await if the manager is to be fast', async () => {
    register(new DomainContextManager({ asyncStackTraces: false }));
    for (const [, program] of programs)
      expect(await within('A', () => framesOf(program, DomainPromise.from))).toEqual([]);
  });
});
