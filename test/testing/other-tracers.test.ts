import { context, type Span, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DomainContextManager } from '../../src/index.js';
import { recordTimeline } from '../../src/testing/index.js';
import '../../src/testing/vitest.js';

const sdk = new BasicTracerProvider();
const nothing = () => {};

/** A tracer of somebody else's, which hands every call on. */
class HandingOn implements Tracer {
  readonly #tracer: Tracer;
  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }
  startSpan(...args: Parameters<Tracer['startSpan']>): Span {
    return this.#tracer.startSpan(...args);
  }
  startActiveSpan(...args: unknown[]): never {
    return Reflect.apply(this.#tracer.startActiveSpan, this.#tracer, args) as never; // cast: whatever it returns
  }
}

const providers: [string, TracerProvider][] = [
  ['of a class', { getTracer: (name) => new HandingOn(sdk.getTracer(name)) }],
  [
    'of functions',
    {
      getTracer: (name) => {
        const tracer = sdk.getTracer(name);
        return {
          startSpan: (...args) => tracer.startSpan(...args),
          startActiveSpan: (...args: unknown[]) =>
            Reflect.apply(tracer.startActiveSpan, tracer, args) as never,
        };
      },
    },
  ],
  [
    'with spans in proxies',
    {
      getTracer: (name) => ({
        startSpan: (...args) => {
          const span = sdk.getTracer(name).startSpan(...args);
          return new Proxy(span, {
            get: (target, key) => {
              const member: unknown = Reflect.get(target, key, target);
              return typeof member === 'function' ? member.bind(target) : member;
            },
          });
        },
        startActiveSpan: (...args: unknown[]) =>
          Reflect.apply(sdk.getTracer(name).startActiveSpan, sdk.getTracer(name), args) as never,
      }),
    },
  ],
];

describe.each(providers)('a tracer %s around one of the SDK', (_what, provider) => {
  test.each([
    ['given', { tracerProvider: provider }],
    ['registered', {}],
  ])('has its spans recorded once each, where its provider is %s', async (way, options) => {
    context.setGlobalContextManager(new DomainContextManager());
    if (way === 'registered') trace.setGlobalTracerProvider(provider);
    onTestFinished(() => {
      context.disable();
      trace.disable();
    });
    const timeline = await recordTimeline(() => {
      const tracer = trace.getTracer('app');
      tracer.startActiveSpan('active', (span) => {
        tracer.startSpan('child').end();
        span.end();
      });
      tracer.startActiveSpan('open', nothing);
    }, options);
    expect(timeline.steps.map(({ kind, span }) => `${kind} ${span}`)).toEqual([
      'span start active',
      'span activate active',
      'span start child',
      'span end child',
      'span end active',
      'span deactivate active',
      'span start open',
      'span activate open',
      'span deactivate open',
    ]);
    expect(timeline).toStartSpan('child', { parent: 'active' });
    const starts = timeline.steps.filter(({ kind }) => kind === 'span start');
    expect(starts.map(({ active }) => active)).toEqual([undefined, 'active', undefined]);
    expect(timeline).not.toLeaveNoSpanOpen();
  });
});

describe('what stands in the place of a span', () => {
  test('changes nothing for the program', async () => {
    const timeline = await recordTimeline(() => {
      const double = { end: nothing } as Span; // cast: as tests do it
      return context.with(trace.setSpan(context.active(), double), () => trace.getActiveSpan() === double);
    });
    expect(timeline.result).toEqual({ status: 'fulfilled', value: true });
    expect(timeline.steps).toEqual([]);
  });

  test('may be nothing at all', async () => {
    const provider = {
      getTracer: () => ({ startSpan: nothing, startActiveSpan: nothing }) as unknown as Tracer,
    };
    const timeline = await recordTimeline(({ tracer }) => tracer.startSpan('op'), {
      tracerProvider: provider,
    });
    expect(timeline.result).toEqual({ status: 'fulfilled', value: undefined });
  });
});
