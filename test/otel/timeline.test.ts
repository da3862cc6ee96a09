import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  hasOtelPromiseDomain,
  type PromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
  withPromiseDomain,
} from '../../src/index.js';
import { recordSteps } from '../support/steps.js';
import { activeName, CountingContextManager, managers, nameOf, startTracing } from '../support/tracing.js';

const contextKey = Symbol('never set');

/** The program of the acceptance timeline; resolves with its steps when all of it is done. */
async function runTimeline(makeManager: (typeof managers)[number][1]) {
  const { steps, step } = recordSteps();
  const { tracer, finished } = startTracing(makeManager(), {
    onStart() {},
    onEnd: (span) => step(`end ${span.name}`),
    forceFlush: async () => {},
    shutdown: async () => {},
  });
  const work = (name: string) => (value: string) => {
    step(name);
    return value;
  };
  const p2 = withOtelPromiseDomain(() => {
    step('enter the domain');
    const p = withOtelSpan('async_op', { tracer }, () => {
      step('create and activate');
      const working = DomainPromise.resolve('work');
      step('init async work');
      const worked = working.then(work('someAsyncWork'));
      step('then(someAsyncWork)');
      return worked;
    });
    step('withOtelSpan returns');
    const more = p.then(work('moreAsyncWork'));
    step('then(moreAsyncWork)');
    return more;
  });
  step('leave the domain');
  const final = p2.then(work('finalWork'));
  step('then(finalWork)');
  await final;
  step('done');
  return { steps, spans: finished() };
}

describe.each(managers)('acceptance timeline under the %s', (_name, makeManager) => {
  test('the ticks are those of the seed, and async_op is active where it must be', async () => {
    const { steps, spans } = await runTimeline(makeManager);
    const { 't2.0': end, ...others } = steps;
    expect(others).toEqual({
      't0.0': ['enter the domain', undefined],
      't0.1': ['create and activate', 'async_op'],
      't0.2': ['init async work', 'async_op'],
      't0.3': ['then(someAsyncWork)', 'async_op'],
      't0.4': ['withOtelSpan returns', undefined],
      't0.5': ['then(moreAsyncWork)', undefined],
      't0.6': ['leave the domain', undefined],
      't0.7': ['then(finalWork)', undefined],
      't1.0': ['someAsyncWork', 'async_op'],
      't3.0': ['moreAsyncWork', undefined],
      't4.0': ['finalWork', undefined],
      't5.0': ['done', undefined],
    });
    expect(end?.[0]).toBe('end async_op'); // what is active at the hidden step is the manager's own matter
    expect(spans).toHaveLength(1);
  });

  test('1: the span active at then() is active during the callback and no longer after it', async () => {
    const { tracer } = startTracing(makeManager());
    let during: string | undefined;
    const chain = withOtelPromiseDomain(() =>
      tracer.startActiveSpan('captured', () =>
        DomainPromise.resolve().then(() => {
          during = activeName();
        }),
      ),
    );
    await DomainPromise.resolve(); // its continuation is queued right behind the callback
    expect([during, activeName()]).toEqual(['captured', undefined]);
    await chain;
  });

  test('2: the span stays open on return and ends once, before any callback of the returned promise', async () => {
    const { tracer, finishedNames } = startTracing(makeManager());
    const { promise, resolve } = DomainPromise.withResolvers<string>();
    const returned = withOtelSpan('op', { tracer }, () => promise);
    const endedAtFirstCallback = returned.then(() => finishedNames());
    expect(finishedNames()).toEqual([]);
    resolve('value');
    expect(await endedAtFirstCallback).toEqual(['op']);
    expect(await returned).toBe('value');
    expect(finishedNames()).toEqual(['op']);
  });

  test('3: inside the domain with no active span, nothing is captured', async () => {
    startTracing(makeManager());
    const active = await withOtelPromiseDomain(() => DomainPromise.resolve().then(() => activeName()));
    expect(active).toBeUndefined();
  });

  test('5: a then() inside a restored callback captures again', async () => {
    const { tracer } = startTracing(makeManager());
    const seen: unknown[] = [];
    await withOtelPromiseDomain(() =>
      tracer.startActiveSpan('outer', () =>
        DomainPromise.resolve().then(() =>
          tracer.startActiveSpan('inner', () =>
            DomainPromise.resolve()
              .then(() => seen.push(activeName(), hasOtelPromiseDomain()))
              .then(() => DomainPromise.resolve().then(() => seen.push(activeName()))),
          ),
        ),
      ),
    );
    expect(seen).toEqual(['inner', true, 'inner']);
  });

  test('8: two chains interleaved tick by tick each see their own span, and their children have the right parent', async () => {
    const { tracer, finished } = startTracing(makeManager());
    const order: string[] = [];
    const chain = (name: string) =>
      withOtelSpan(name, { tracer }, () => {
        let promise: DomainPromise<unknown> = DomainPromise.resolve();
        for (let i = 0; i < 4; i++) {
          promise = promise.then(() => {
            order.push(`${name}${i}:${activeName()}`);
            tracer.startSpan(`${name} child`).end();
          });
        }
        return promise;
      });
    await Promise.all([chain('a'), chain('b')]);
    expect(order).toEqual(['a0:a', 'b0:b', 'a1:a', 'b1:b', 'a2:a', 'b2:b', 'a3:a', 'b3:b']);
    const idOf = (name: string) =>
      finished()
        .find((span) => span.name === name)
        ?.spanContext().spanId;
    const children = finished().filter((span) => span.name.endsWith(' child'));
    expect(children).toHaveLength(8);
    for (const child of children) expect(child.parentSpanContext?.spanId).toBe(idOf(child.name.slice(0, 1)));
  });

  test('11: a throwing callback, a rejection and a recovering catch each restore what was active before', async () => {
    const { tracer } = startTracing(makeManager());
    const seen: (string | undefined)[] = [];
    const look = () => void seen.push(activeName());
    const chain = withOtelPromiseDomain(() =>
      tracer.startActiveSpan('op', () =>
        DomainPromise.resolve()
          .then(() => {
            look();
            throw new Error('thrown');
          })
          .catch((error: Error) => {
            look();
            return Promise.reject(error);
          })
          .catch(() => look()),
      ),
    );
    for (let i = 0; i < 12; i++) await Promise.resolve().then(() => expect(activeName()).toBeUndefined());
    await chain;
    expect(seen).toEqual(['op', 'op', 'op']);
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('12: synchronous code ends its span on return', () => {
    const { tracer, finished } = startTracing(makeManager());
    expect(withOtelSpan('sync', { tracer }, () => `${activeName()} ${finished().length}`)).toBe('sync 0');
    expect(finished().map((span) => [span.name, span.status.code])).toEqual([['sync', SpanStatusCode.UNSET]]);
  });

  test('12: synchronous code that throws ends its span with the exception and the error status', () => {
    const { tracer, finished } = startTracing(makeManager());
    const error = new RangeError('out of range');
    expect(() =>
      withOtelSpan('sync', { tracer }, () => {
        throw error;
      }),
    ).toThrow(error);
    const [span] = finished();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'out of range' });
    expect(span?.events.map((event) => [event.name, event.attributes?.['exception.type']])).toEqual([
      ['exception', 'RangeError'],
    ]);
  });
});

describe('acceptance timeline, counted', () => {
  test('4: then() outside the domain does not even try to capture', async () => {
    const manager = new CountingContextManager();
    const { tracer } = startTracing(manager);
    const seen = await tracer.startActiveSpan('op', () => DomainPromise.resolve().then(() => activeName()));
    expect(seen).toBeUndefined();
    expect(manager.activations).toBe(1); // that of startActiveSpan
  });

  test.each([1, 10, 10_000])(
    '6: a callback captured under %i nested spans costs one reactivation',
    async (depth) => {
      const manager = new CountingContextManager();
      const { tracer } = startTracing(manager);
      const nest = (level: number): DomainPromise<unknown> =>
        withOtelSpan(`span ${level}`, { tracer }, () => {
          if (level < depth) return DomainPromise.resolve().then(() => nest(level + 1));
          const before = manager.activations;
          return DomainPromise.resolve().then(() => [activeName(), manager.activations - before]);
        });
      expect(await nest(1)).toEqual([`span ${depth}`, 1]);
    },
  );

  test('7: a chain of n steps costs n reactivations', async () => {
    const manager = new CountingContextManager();
    const { tracer } = startTracing(manager);
    const n = 100;
    const chain = withOtelSpan('op', { tracer }, () => {
      let promise = DomainPromise.resolve(0);
      for (let i = 0; i < n; i++) promise = promise.then((value) => value + 1);
      return promise;
    });
    const before = manager.activations;
    expect(await chain).toBe(n);
    expect(manager.activations - before).toBe(n);
  });
});

describe('acceptance timeline, composition', () => {
  test('9: installing the domain twice leaves the outer domain untouched', () => {
    withOtelPromiseDomain(() => {
      const outer = currentPromiseDomain();
      withOtelPromiseDomain(() => expect(currentPromiseDomain()).toBe(outer));
      expect(currentPromiseDomain()).toBe(outer);
    });
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('10: composed with a counting domain both act, the one added last closest to the callback', async () => {
    const { tracer } = startTracing(new CountingContextManager());
    const seen: (string | undefined)[] = [];
    const counting: PromiseDomain = {
      wrapOnFulfilled: (callback) => (value) => {
        seen.push(activeName());
        return callback(value);
      },
    };
    const step = () => DomainPromise.resolve().then(() => void seen.push(`callback ${activeName()}`));
    await tracer.startActiveSpan('op', async () => {
      const inner = withOtelPromiseDomain(() => withPromiseDomain(counting, step));
      const outer = withPromiseDomain(counting, () => withOtelPromiseDomain(step));
      await inner;
      await outer;
    });
    expect(seen).toEqual(['op', 'callback op', undefined, 'callback op']);
  });

  test('10: leaving restores the earlier domain by identity', () => {
    const counting: PromiseDomain = { name: 'counting' };
    withPromiseDomain(counting, () => {
      withOtelPromiseDomain(() => expect(hasOtelPromiseDomain()).toBe(true));
      expect(currentPromiseDomain()).toBe(counting);
    });
  });
});

describe('acceptance timeline, tracing off and sampling', () => {
  test('13: with no provider fn runs with no context work and its return value passes through', async () => {
    const manager = new CountingContextManager();
    context.setGlobalContextManager(manager.enable());
    try {
      const promise = Promise.resolve('value');
      expect(withOtelSpan('off', { tracer: trace.getTracer('off') }, () => promise)).toBe(promise);
      expect(manager.activations).toBe(0);
    } finally {
      context.disable();
    }
  });

  test.each(managers)('14: an unsampled span is handed off too, under the %s', async (_name, makeManager) => {
    const { tracer, finished } = startTracing(makeManager());
    const unsampled = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 0, isRemote: true };
    const parent = trace.setSpanContext(context.active(), unsampled);
    const traceIds = await context.with(parent, () =>
      withOtelSpan('unsampled', { tracer }, (span) =>
        DomainPromise.resolve().then(() => {
          const child = tracer.startSpan('child');
          child.end();
          return [span, child, trace.getActiveSpan()].map((each) => each?.spanContext().traceId);
        }),
      ),
    );
    expect(traceIds).toEqual(Array(3).fill(unsampled.traceId));
    expect(finished()).toEqual([]);
  });

  test.each(managers)('15: the whole context travels, under the %s', async (_name, makeManager) => {
    const { tracer } = startTracing(makeManager());
    const carried = context.active().setValue(contextKey, 'baggage');
    const seen = await context.with(carried, () =>
      withOtelSpan('op', { tracer }, () =>
        DomainPromise.resolve().then(() => [
          nameOf(trace.getActiveSpan()),
          context.active().getValue(contextKey),
        ]),
      ),
    );
    expect(seen).toEqual(['op', 'baggage']);
  });
});
