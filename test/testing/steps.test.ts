import { AsyncLocalStorage } from 'node:async_hooks';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { describe, expect, test } from 'vitest';
import {
  DomainPromise,
  localOtelPromiseDomain,
  localPromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { recordTimeline, type TimelineTools } from '../../src/testing/index.js';
import { bracketingManagers, register } from '../support/awaiting.js';
import { dispose } from '../support/dispose.js';

/** The steps of a program as the text has them, without the column of active spans. */
async function stepsOf(program: (tools: TimelineTools) => unknown): Promise<string[]> {
  const { steps, ...timeline } = await recordTimeline(program);
  const lines = timeline.toString().split('\n');
  return lines.slice(1, steps.length + 1).map((line) =>
    line.replace(/ {2,}\S.*$/, (rest) => {
      const [, what, active] = /^ {2,}(.*?)(?: {2,}(.*))?$/.exec(rest) ?? [];
      return ` ${what} | ${active}`;
    }),
  );
}

const nothing = () => {};

describe('domains', () => {
  test('are entered and left by name, composed ones by all of theirs', async () => {
    const steps = await stepsOf(() =>
      withPromiseDomain({ name: 'outer' }, () => {
        withPromiseDomain({}, nothing);
        withOtelPromiseDomain(nothing);
        withoutPromiseDomain(nothing);
      }),
    );
    expect(steps).toEqual([
      't0.0 enter domain outer | -',
      't0.1 enter domain outer + ? | -',
      't0.2 leave domain outer + ? | -',
      't0.3 enter domain outer + otel | -',
      't0.4 leave domain outer + otel | -',
      't0.5 enter domain none | -',
      't0.6 leave domain none | -',
      't0.7 leave domain outer | -',
    ]);
  });

  test('that are local are left when they are disposed, or else at the end of the job', async () => {
    const steps = await stepsOf(async () => {
      localOtelPromiseDomain()[Symbol.dispose]();
      localPromiseDomain({ name: 'forgotten' });
    });
    expect(steps).toEqual([
      't0.0 enter domain otel | -',
      't0.1 leave domain otel | -',
      't0.2 enter domain forgotten | -',
      't1.0 leave domain forgotten: the job is over, and it was not disposed | -',
    ]);
  });
});

describe('domains that are local', () => {
  test('are left by their own names, in whatever order', async () => {
    const steps = await stepsOf(async ({ tick }) => {
      const inDomain = async (name: string) => {
        const local = localPromiseDomain({ name });
        await tick();
        dispose(local);
      };
      await Promise.all([inDomain('one'), inDomain('two')]);
    });
    expect(steps.filter((step) => / (enter|leave) /.test(step))).toEqual([
      't0.0 enter domain one | -',
      't0.2 enter domain two | -',
      't1.1 leave domain one | -',
      't1.4 leave domain two | -',
    ]);
  });
});

describe('spans', () => {
  test('are started, active, no longer active and ended', async () => {
    const steps = await stepsOf(({ tracer }) => tracer.startActiveSpan('op', (span) => span.end()));
    expect(steps).toEqual([
      't0.0 start span op | -',
      't0.1 activate op | op',
      't0.2 end span op | op, ended',
      't0.3 deactivate op | -',
    ]);
  });

  test('by whichever tracer are recorded, those of the global API included', async () => {
    const early = trace.getTracer('early');
    const steps = await stepsOf(() => {
      early.startSpan('early').end();
      trace.getTracer('late').startActiveSpan('late', {}, (span) => span.end());
    });
    expect(steps.filter((step) => step.includes('start'))).toEqual([
      't0.0 start span early | -',
      't0.2 start span late | -',
    ]);
  });

  test('that are ended again say so', async () => {
    const steps = await stepsOf(({ tracer }) => {
      const span = tracer.startSpan('op');
      span.end();
      span.end();
    });
    expect(steps.at(-1)).toBe('t0.2 end span op again: it has ended at t0.1 | -');
  });

  test('that have ended and are active still say so', async () => {
    const steps = await stepsOf(({ tracer, mark }) =>
      tracer.startActiveSpan('op', (span) => {
        span.end();
        mark('late');
      }),
    );
    expect(steps[3]).toBe('t0.3 mark: late | op, ended');
  });

  test('are active again after another one, and in a call without any', async () => {
    const steps = await stepsOf(({ tracer, mark }) =>
      tracer.startActiveSpan('outer', () => {
        tracer.startActiveSpan('inner', nothing);
        context.with(trace.deleteSpan(context.active()), () => mark('without'));
        context.with(context.active(), () => mark('with the same'));
      }),
    );
    expect(steps.slice(2)).toEqual([
      't0.2 start span inner | outer',
      't0.3 activate inner | inner',
      't0.4 deactivate inner | outer',
      't0.5 deactivate outer | -',
      't0.6 mark: without | -',
      't0.7 activate outer | outer',
      't0.8 mark: with the same | outer',
      't0.9 deactivate outer | -',
    ]);
  });

  test('that end in an async function are active there until it is over', async () => {
    register(new AsyncLocalStorageContextManager().enable());
    const steps = await stepsOf(({ tracer }) =>
      tracer.startActiveSpan('op', async (span) => {
        await null;
        span.end();
      }),
    );
    expect(steps.at(-1)).toBe('t1.0 end span op | op, ended');
  });

  test('that were started outside show where they are active', async () => {
    new AsyncLocalStorage(); // by which two recordings at a time are told apart
    const timeline = await recordTimeline(async ({ tracer }) => {
      const outside = await new Promise<ReturnType<typeof tracer.startSpan>>((resolve) => {
        void recordTimeline((tools) => resolve(tools.tracer.startSpan('outside')));
      });
      context.with(trace.setSpan(context.active(), outside), () => tracer.startSpan('child').end());
      outside.end();
    });
    expect(timeline.spans).toMatchObject([
      { name: 'outside', ends: [expect.any(String)] },
      { name: 'child', parent: 's1' },
    ]);
    expect(timeline.spans[0]).not.toHaveProperty('startedAt');
    expect(String(timeline)).toContain('started outside');
  });
});

describe('then()', () => {
  test('names its callbacks and what it follows, and says how they end', async () => {
    const steps = await stepsOf(({ tracer }) =>
      withOtelSpan('op', { tracer }, () => {
        const start = DomainPromise.resolve();
        const failing = start.then(function fail() {
          throw new RangeError('out of range');
        });
        void start.then(nothing);
        return failing.catch(function recover() {}).finally(function tidy() {});
      }),
    );
    expect(steps).toEqual([
      't0.0 start span op | -',
      't0.1 enter domain otel | -',
      't0.2 activate op | op',
      't0.3 #1 then(fail) captures op | op',
      't0.4 #2 then(nothing) captures op | op',
      't0.5 #3 catch(recover) after #1 captures op | op',
      't0.6 #4 finally(tidy) after #3 captures op | op',
      't0.7 deactivate op | -',
      't0.8 leave domain otel | -',
      't1.0 #1 fail runs | op',
      't1.1 #1 fail throws RangeError: out of range | -',
      't1.2 #2 nothing runs | op',
      't1.3 #2 nothing returns | -',
      't2.0 #3 recover runs | op',
      't2.1 #3 recover returns | -',
      't3.0 #4 tidy runs | op',
      't3.1 #4 tidy returns | -',
      't4.0 end span op | -',
    ]);
  });

  test('without names is known by its number', async () => {
    const steps = await stepsOf(() => DomainPromise.resolve().then(() => {}));
    expect(steps).toEqual([
      't0.0 #1 then() captures nothing: no domain | -',
      't1.0 #1 callback of then() runs | -',
      't1.1 #1 callback of then() returns | -',
    ]);
  });

  test('with one callback for both ways is no finally()', async () => {
    const steps = await stepsOf(() => DomainPromise.resolve().then(nothing, nothing));
    expect(steps[0]).toBe('t0.0 #1 then(nothing) captures nothing: no domain | -');
  });

  test('in a domain that hands no span over says so', async () => {
    const steps = await stepsOf(({ tracer }) =>
      tracer.startActiveSpan('op', () =>
        withPromiseDomain({ name: 'counting' }, () => DomainPromise.resolve().then(nothing)),
      ),
    );
    expect(steps[3]).toBe('t0.3 #1 then(nothing) captures nothing: domain counting hands no span over | op');
  });

  test('as the first step after a timer has its callback in the next tick', async () => {
    const steps = await stepsOf(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await DomainPromise.resolve().then(nothing);
    });
    expect(steps.map((step) => step.slice(0, 4))).toEqual(['t0.0', 't1.0', 't1.1']);
  });

  test('says of the first step after a timer that it is later', async () => {
    const steps = await stepsOf(async ({ mark, tick }) => {
      mark('start');
      await tick();
      mark('next');
      await new Promise((resolve) => setTimeout(resolve, 1));
      mark('timer');
      mark('same job');
      await Promise.resolve();
      mark('next again');
    });
    expect(steps.map((step) => step.replace(' | -', ''))).toEqual([
      't0.0 mark: start',
      't1.0 mark: next',
      't2.0 mark: timer (later)',
      't2.1 mark: same job',
      't3.0 mark: next again',
    ]);
  });

  test('called by the engine, to follow a promise, is no step', async () => {
    const steps = await stepsOf(async ({ mark }) => {
      const inner = DomainPromise.resolve();
      await DomainPromise.resolve().then(() => inner);
      await Promise.all([inner, DomainPromise.all([inner, inner])]);
      mark('done');
    });
    expect(steps).toEqual([
      't0.0 #1 then() captures nothing: no domain | -',
      't1.0 #1 callback of then() runs | -',
      't1.1 #1 callback of then() returns a promise | -',
      't2.0 mark: done | -',
    ]);
  });
});

describe.each(bracketingManagers)('await under the %s', (_name, makeManager) => {
  test('captures the active span, goes on with it, and stops', async () => {
    register(makeManager());
    const steps = await stepsOf(({ tracer, mark, tick }) =>
      withOtelSpan('op', { tracer }, async () => {
        await tick();
        mark('after');
        await DomainPromise.resolve().then(nothing);
      }),
    );
    expect(steps).toEqual([
      't0.0 start span op | -',
      't0.1 enter domain otel | -',
      't0.2 activate op | op',
      't0.3 #1 await captures op | op',
      't0.4 deactivate op | -',
      't0.5 leave domain otel | -',
      't1.0 #1 await goes on | op',
      't1.1 mark: after | op',
      't1.2 #2 then(nothing) captures op | op',
      't1.3 #3 await after #2 captures op | op',
      't1.4 #1 what followed the await stops | -',
      't2.0 #2 nothing runs | op',
      't2.1 #2 nothing returns | -',
      't3.0 #3 await goes on | op',
      't3.1 #3 what followed the await stops | -',
      't4.0 end span op | -',
    ]);
  });

  test('of something native loses the span, and the timeline shows where', async () => {
    register(makeManager());
    const steps = await stepsOf(({ tracer, mark }) =>
      withOtelSpan('op', { tracer }, async () => {
        await Promise.resolve();
        mark('lost');
      }),
    );
    expect(steps.at(-2)).toBe('t1.0 mark: lost | -');
  });
});

describe.each(bracketingManagers)('a local domain under the %s', (_name, makeManager) => {
  test('goes along with each await of the function that installed it', async () => {
    register(makeManager());
    const steps = await stepsOf(async ({ mark, tick }) => {
      const suspended = async () => {
        const local = localOtelPromiseDomain();
        await tick();
        mark('one');
        await tick();
        dispose(local);
      };
      const over = suspended();
      void DomainPromise.resolve().then(nothing);
      await over;
    });
    expect(steps).toEqual([
      't0.0 enter domain otel | -',
      't0.1 #1 await captures the domain, and leaves domain otel until it goes on | -',
      't0.2 #2 then(nothing) captures nothing: no domain | -',
      't1.0 #2 nothing runs | -',
      't1.1 #2 nothing returns | -',
      't2.0 #1 await goes on | -',
      't2.1 mark: one | -',
      't2.2 #3 await captures the domain | -',
      't2.3 #1 what followed the await stops | -',
      't3.0 #3 await goes on | -',
      't3.1 leave domain otel | -',
      't3.2 #3 what followed the await stops | -',
    ]);
  });
});
