import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { DomainPromise, withOtelPromiseDomain, withOtelSpan } from '../../src/index.js';
import { registrations } from '../support/registrations.js';
import { fulfilling, rejecting } from '../support/thenables.js';
import { activeName } from '../support/tracing.js';

describe.each(registrations)('thenables under the %s', (_name, startTracing, handedOver) => {
  test.each(fulfilling)(
    'from(): %s gives its value to callbacks that have their span',
    async (_, make, value) => {
      const { tracer } = startTracing();
      const seen: unknown[] = [];
      const look = (label: string) => (given: unknown) => {
        seen.push([label, activeName(), given]);
        return given;
      };
      const last = tracer.startActiveSpan('outer', () =>
        withOtelPromiseDomain(() => {
          const promise = DomainPromise.from(make());
          expect(promise).toBeInstanceOf(DomainPromise);
          const first = tracer.startActiveSpan('inner', () => promise.then(look('inside'), look('rejected')));
          return first.then(look('outside')).finally(() => look('finally')(undefined));
        }),
      );
      expect(await last).toEqual(value);
      expect(seen).toEqual([
        ['inside', handedOver('inner'), value],
        ['outside', handedOver('outer'), value],
        ['finally', handedOver('outer'), undefined],
      ]);
    },
  );

  test.each(fulfilling)('withOtelSpan(): %s ends the span once, when it settles', async (_, make, value) => {
    const { tracer, finishedNames } = startTracing();
    const seen: unknown[] = [];
    const look = (label: string) => (given: unknown) => {
      seen.push([label, activeName(), finishedNames(), given]);
      return given;
    };
    const last = withOtelSpan('outer', { tracer }, () => {
      const result = withOtelSpan('op', { tracer }, make);
      expect(result).toBeInstanceOf(DomainPromise);
      expect(finishedNames()).toEqual([]);
      return result.then(look('outside'), look('rejected'));
    });
    expect(await last).toEqual(value);
    expect(seen).toEqual([['outside', handedOver('outer'), ['op'], value]]);
    expect(finishedNames()).toEqual(['op', 'outer']);
  });

  test.each(fulfilling)(
    'withOtelSpan(): callbacks attached to %s in it have its span',
    async (_, make, value) => {
      const { tracer, finished } = startTracing();
      const result = withOtelSpan('op', { tracer }, () =>
        DomainPromise.from(make())
          .then((given) => [activeName(), given])
          .finally(() => tracer.startSpan('child').end()),
      );
      expect(await result).toEqual([handedOver('op'), value]);
      const [child, op] = finished();
      expect([child?.name, op?.name]).toEqual(['child', 'op']);
      expect(child?.parentSpanContext?.spanId).toBe(handedOver(String(op?.spanContext().spanId)));
    },
  );

  test.each(rejecting)(
    'from(): %s gives its reason to callbacks that have their span',
    async (_, make, type, message) => {
      const { tracer } = startTracing();
      const seen: unknown[] = [];
      await tracer.startActiveSpan('op', () =>
        withOtelPromiseDomain(() =>
          DomainPromise.from(make())
            .then(() => seen.push('fulfilled'))
            .catch((error: Error) => seen.push([activeName(), error.name, error.message])),
        ),
      );
      expect(seen).toEqual([[handedOver('op'), type, expect.stringMatching(message)]]);
    },
  );

  test.each(rejecting)(
    'withOtelSpan(): %s ends the span once, with its reason',
    async (_, make, type, message) => {
      const { tracer, finished } = startTracing();
      const result = withOtelSpan('op', { tracer }, make);
      expect(finished()).toEqual([]);
      const reason = await result.then(
        () => new Error('fulfilled'),
        (error: Error) => error,
      );
      expect([reason.name, reason.message]).toEqual([type, expect.stringMatching(message)]);
      expect(finished().map((span) => [span.name, span.status, span.events.length])).toEqual([
        ['op', { code: SpanStatusCode.ERROR, message: reason.message }, 1],
      ]);
    },
  );
});
