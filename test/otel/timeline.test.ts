import { context, trace } from '@opentelemetry/api';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  hasOtelPromiseDomain,
  type PromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
  withPromiseDomain,
} from '../../src/index.js';
import { recordTimeline, type TimelineData } from '../../src/testing/index.js';
import '../../src/testing/vitest.js';
import { acceptanceProgram, acceptanceText } from '../support/acceptance-program.js';
import { bracketingManagers } from '../support/awaiting.js';
import { activeName, CountingContextManager, managers, nameOf, startTracing } from '../support/tracing.js';

const contextKey = Symbol('never set');

/** Where the mark with this label is. */
function stepOf({ steps }: TimelineData, label: string): string {
  return steps.find((step) => step.kind === 'mark' && step.label === label)?.at ?? `no mark ${label}`;
}

describe.each([...managers, ...bracketingManagers.slice(1)])(
  'acceptance timeline under the %s',
  (_name, makeManager) => {
    beforeEach(() => void startTracing(makeManager()));

    test('the ticks are those of the seed', async () => {
      const timeline = await recordTimeline(acceptanceProgram);
      // What is active at the hidden step that ends the span is the manager's own matter.
      const active = timeline.steps.find(({ kind }) => kind === 'span end')?.active;
      const text = active
        ? acceptanceText.replace(/(end span async_op +)-/, '$1async_op, ended')
        : acceptanceText;
      expect(timeline).toMatchTimeline(text);
    });

    test('1: the span active at then() is active during the callback and no longer after it', async () => {
      const timeline = await recordTimeline(async ({ tracer, mark }) => {
        const chain = withOtelPromiseDomain(() =>
          tracer.startActiveSpan('captured', (span) => DomainPromise.resolve().then(() => span.end())),
        );
        await Promise.resolve(); // its continuation is queued right behind the callback
        mark('after');
        await chain;
      });
      expect(timeline).toHandOff('captured', { at: 't0.3' });
      expect(timeline).toHandOff('captured', { at: 't1.0' });
      expect(timeline).not.toHandOff('captured', { at: stepOf(timeline, 'after') });
    });

    test('2: the span stays open on return and ends once, before any callback of the returned promise', async () => {
      const { promise, resolve } = DomainPromise.withResolvers<string>();
      const timeline = await recordTimeline(async ({ tracer, mark }) => {
        const returned = withOtelSpan('op', { tracer }, () => promise);
        const followed = returned.then((value) => mark(value));
        mark('returned');
        resolve('value');
        await followed;
      });
      expect(timeline).toEndSpan('op', { at: 't1.0', once: true });
      expect(stepOf(timeline, 'returned')).toMatch(/^t0/);
      expect(stepOf(timeline, 'value')).toBe('t2.1');
    });

    test('3: inside the domain with no active span, nothing is captured', async () => {
      const timeline = await recordTimeline(({ tracer }) => {
        tracer.startSpan('never active').end();
        return withOtelPromiseDomain(() => DomainPromise.resolve().then(() => {}));
      });
      expect(timeline.steps[3]).toMatchObject({ kind: 'then not captured', note: 'no active span' });
      expect(timeline).not.toHandOff('never active');
    });

    test('5: a then() inside a restored callback captures again', async () => {
      const timeline = await recordTimeline(({ tracer, mark }) =>
        withOtelSpan('outer', { tracer }, () =>
          DomainPromise.resolve().then(() =>
            withOtelSpan('inner', { tracer }, () =>
              DomainPromise.resolve()
                .then(() => mark('first'))
                .then(() => DomainPromise.resolve().then(() => mark('second'))),
            ),
          ),
        ),
      );
      for (const label of ['first', 'second'])
        expect(timeline).toHandOff('inner', { at: stepOf(timeline, label) });
      expect(timeline).toStartSpan('inner', { at: 't1', parent: 'outer' });
      expect(timeline).toLeaveNoSpanOpen();
    });

    test('8: two chains interleaved tick by tick each see their own span, and their children have the right parent', async () => {
      const timeline = await recordTimeline(({ tracer, mark }) => {
        const chain = (name: string) =>
          withOtelSpan(name, { tracer }, () => {
            let promise: DomainPromise<unknown> = DomainPromise.resolve();
            for (let i = 0; i < 4; i++) {
              promise = promise.then(() => {
                mark(`${name}${i}`);
                tracer.startSpan(`child ${name}${i}`).end();
              });
            }
            return promise;
          });
        return Promise.all([chain('a'), chain('b')]);
      });
      const marks = timeline.steps.filter(({ kind }) => kind === 'mark').map(({ label }) => label);
      expect(marks).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
      for (const [name = '', i] of marks.map((mark) => mark ?? '')) {
        expect(timeline).toHandOff(name, { at: stepOf(timeline, `${name}${i}`) });
        expect(timeline).toStartSpan(`child ${name}${i}`, { parent: name });
      }
    });

    test('11: a throwing callback, a rejection and a recovering catch each restore what was active before', async () => {
      const timeline = await recordTimeline(async ({ tracer, mark, tick }) => {
        const chain = withOtelSpan('op', { tracer }, () =>
          DomainPromise.resolve()
            .then(() => {
              throw new Error('thrown');
            })
            .catch((error: Error) => Promise.reject(error))
            .catch(() => {}),
        );
        for (let i = 0; i < 12; i++) await Promise.resolve().then(() => mark('outside'));
        await chain;
        await tick();
      });
      const callbacks = timeline.steps.filter(({ kind }) => kind === 'callback enter');
      expect(callbacks).toHaveLength(3);
      for (const { at } of callbacks) expect(timeline).toHandOff('op', { at });
      for (const { label, active } of timeline.steps) if (label === 'outside') expect(active).toBeUndefined();
      expect(timeline).toEndSpan('op', { once: true, status: 'unset' });
      expect(timeline).toLeaveNoContext();
    });

    test('12: synchronous code ends its span on return', async () => {
      const timeline = await recordTimeline(({ tracer, mark }) => {
        void withOtelSpan('sync', { tracer }, () => mark('inside'));
        mark('outside');
      });
      expect(timeline.steps.map(({ at, kind, active }) => [at, kind, active])).toEqual([
        ['t0.0', 'span start', undefined],
        ['t0.1', 'domain enter', undefined],
        ['t0.2', 'span activate', 'sync'],
        ['t0.3', 'mark', 'sync'],
        ['t0.4', 'span end', 'sync'],
        ['t0.5', 'span deactivate', undefined],
        ['t0.6', 'domain leave', undefined],
        ['t0.7', 'mark', undefined],
      ]);
      expect(timeline).toEndSpan('sync', { at: 't0.4', once: true, status: 'unset' });
    });

    test('12: synchronous code that throws ends its span with the exception and the error status', async () => {
      const error = new RangeError('out of range');
      const timeline = await recordTimeline(({ tracer }) =>
        withOtelSpan('sync', { tracer }, () => {
          throw error;
        }),
      );
      expect(timeline.result).toEqual({ status: 'rejected', reason: error });
      expect(timeline).toEndSpan('sync', { once: true, status: 'error' });
      expect(timeline.spans).toMatchObject([{ message: 'out of range', exceptions: ['RangeError'] }]);
    });

    test('14: an unsampled span is handed off too', async () => {
      const unsampled = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 0, isRemote: true };
      const timeline = await recordTimeline(({ tracer, mark }) =>
        context.with(trace.setSpanContext(context.active(), unsampled), () =>
          withOtelSpan('unsampled', { tracer }, () =>
            DomainPromise.resolve().then(() => {
              mark('callback');
              tracer.startSpan('child').end();
            }),
          ),
        ),
      );
      const [remote, span, child] = timeline.spans;
      expect(remote).toMatchObject({ name: 'remote parent', recorded: false });
      // A span that is not recorded has no name that could be read: it is known by the one that it was started with.
      expect(span).toMatchObject({ name: 'unsampled', parent: remote?.id, recorded: false });
      expect(child).toMatchObject({ name: 'child', parent: span?.id, recorded: false });
      expect(timeline).toHandOff('unsampled', { at: stepOf(timeline, 'callback') });
    });
  },
);

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
