import {
  context,
  type DiagLogger,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  DomainPromise,
  hasOtelPromiseDomain,
  localOtelPromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
} from '../../src/index.js';
import { activeName, managers, startTracing } from '../support/tracing.js';

function listenToDiag() {
  const warn = vi.fn<DiagLogger['warn']>();
  const ignore = () => {};
  diag.setLogger({ verbose: ignore, debug: ignore, info: ignore, warn, error: warn });
  onTestFinished(() => diag.disable());
  return warn;
}

describe.each(managers)('withOtelSpan under the %s', (_name, makeManager) => {
  test('passes the span to fn and the options to startSpan', () => {
    const { tracer, finished } = startTracing(makeManager());
    const linked = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    void withOtelSpan('outer', { tracer }, () =>
      withOtelSpan(
        'op',
        { tracer, kind: SpanKind.CLIENT, attributes: { a: 1 }, links: [{ context: linked }], root: true },
        (span) => span.setAttribute('b', 2),
      ),
    );
    const [span] = finished();
    expect(span).toMatchObject({ name: 'op', kind: SpanKind.CLIENT, attributes: { a: 1, b: 2 } });
    expect(span?.links.map((link) => link.context)).toEqual([linked]);
    expect(span?.parentSpanContext).toBeUndefined();
  });

  test('returns a domain promise of what a native promise, a thenable or an async function gives', async () => {
    const { tracer, finishedNames } = startTracing(makeManager());
    const thenable = { then: (resolve: (value: string) => void) => resolve('thenable') };
    const results = [
      withOtelSpan('native', { tracer }, () => Promise.resolve('native')),
      withOtelSpan('thenable', { tracer }, () => thenable as PromiseLike<string>),
      withOtelSpan('async', { tracer }, async () => 'async'),
      withOtelSpan('domain', { tracer }, () => DomainPromise.resolve('domain')),
    ];
    for (const result of results) expect(result).toBeInstanceOf(DomainPromise);
    expect(await Promise.all(results)).toEqual(['native', 'thenable', 'async', 'domain']);
    expect(finishedNames().sort()).toEqual(['async', 'domain', 'native', 'thenable']);
  });

  test('installs the handoff domain around fn if it is not there yet', async () => {
    const { tracer } = startTracing(makeManager());
    const seen = await withOtelSpan('op', { tracer }, () =>
      DomainPromise.resolve().then(() => [activeName(), hasOtelPromiseDomain()]),
    );
    expect(seen).toEqual(['op', true]);
    expect(hasOtelPromiseDomain()).toBe(false);
  });

  test('a rejection is recorded, with the reason unchanged', async () => {
    const { tracer, finished } = startTracing(makeManager());
    const error = new TypeError('wrong');
    await expect(withOtelSpan('op', { tracer }, () => Promise.reject(error))).rejects.toBe(error);
    const [span] = finished();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'wrong' });
    expect(span?.events.map((event) => event.attributes?.['exception.type'])).toEqual(['TypeError']);
  });

  test.each([
    ['a string', 'reason', 'reason'],
    ['undefined', undefined, 'undefined'],
    ['an object with a message', { message: 'said' }, 'said'],
  ])('a rejection with %s sets the status and records no exception', async (_what, reason, message) => {
    const { tracer, finished } = startTracing(makeManager());
    await withOtelSpan('op', { tracer }, () => Promise.reject(reason)).catch(() => {});
    const [span] = finished();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(span?.events).toEqual([]);
  });

  test('an error whose properties throw ends the span and is rethrown as it came', () => {
    const { tracer, finished } = startTracing(makeManager());
    const hostile = Object.defineProperty(new Error(), 'message', {
      get() {
        throw new Error('never look at me');
      },
    });
    let caught: unknown;
    try {
      void withOtelSpan('op', { tracer }, () => {
        throw hostile;
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(hostile);
    expect(finished().map((span) => span.status.code)).toEqual([SpanStatusCode.ERROR]);
  });

  test('recordErrors: false leaves status and events alone', async () => {
    const { tracer, finished } = startTracing(makeManager());
    await withOtelSpan('op', { tracer, recordErrors: false }, () =>
      Promise.reject(new Error('expected')),
    ).catch(() => {});
    expect(finished().map((span) => [span.status.code, span.events])).toEqual([[SpanStatusCode.UNSET, []]]);
  });

  test('a span that the caller has ended is not ended again, and nothing warns', async () => {
    const { tracer, finished } = startTracing(makeManager());
    const warn = listenToDiag();
    void withOtelSpan('sync', { tracer }, (span) => span.end());
    await withOtelSpan('async', { tracer }, async (span) => span.end());
    await withOtelSpan('rejected', { tracer }, async (span) => {
      span.end();
      throw new Error('late');
    }).catch(() => {});
    expect(finished().map((span) => [span.name, span.status.code])).toEqual([
      ['sync', SpanStatusCode.UNSET],
      ['async', SpanStatusCode.UNSET],
      ['rejected', SpanStatusCode.UNSET],
    ]);
    expect(warn).not.toHaveBeenCalled();
  });

  test('fn and callbacks are called as plain functions', async () => {
    const { tracer } = startTracing(makeManager());
    const receivers: unknown[] = [];
    function look(this: unknown) {
      receivers.push(this);
    }
    await withOtelSpan('op', { tracer }, function (this: unknown) {
      receivers.push(this);
      return DomainPromise.reject().then(null, look).then(look).finally(look);
    });
    expect(receivers).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('localOtelPromiseDomain hands over until it is disposed', async () => {
    const { tracer } = startTracing(makeManager());
    const run = () => {
      using _domain = localOtelPromiseDomain();
      return tracer.startActiveSpan('op', () => DomainPromise.resolve().then(() => activeName()));
    };
    expect(await run()).toBe('op');
    expect(hasOtelPromiseDomain()).toBe(false);
  });

  test('localOtelPromiseDomain inside the domain neither installs nor removes anything', () => {
    startTracing(makeManager());
    withOtelPromiseDomain(() => {
      localOtelPromiseDomain()[Symbol.dispose]();
      expect(hasOtelPromiseDomain()).toBe(true);
    });
  });
});

describe('withOtelSpan with something missing', () => {
  test('without a context manager everything runs, nothing is handed off, and diag warns once', async () => {
    const { tracer, finishedNames } = startTracing(managers[1][1]());
    context.disable();
    const warn = listenToDiag();
    const op = () =>
      withOtelSpan('op', { tracer }, () => DomainPromise.resolve().then(() => activeName() ?? 'none'));
    expect(await Promise.all([op(), op()])).toEqual(['none', 'none']);
    expect(finishedNames()).toEqual(['op', 'op']);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/no context manager is registered/);
  });

  test.each(managers)(
    'with tracing off, what is active still travels, under the %s',
    async (_name, makeManager) => {
      const key = Symbol('baggage');
      context.setGlobalContextManager(makeManager().enable());
      onTestFinished(() => context.disable());
      const seen = await context.with(ROOT_CONTEXT.setValue(key, 'kept'), () =>
        withOtelSpan('off', { tracer: trace.getTracer('off') }, (span) => {
          expect(span.isRecording()).toBe(false);
          return DomainPromise.resolve().then(() => context.active().getValue(key));
        }),
      );
      expect(seen).toBe('kept');
    },
  );
});
