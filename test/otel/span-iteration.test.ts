import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { withOtelSpan } from '../../src/index.js';
import { registrations } from '../support/registrations.js';
import { activeName } from '../support/tracing.js';

const { ERROR, UNSET } = SpanStatusCode;

describe.each(registrations)('iterations under the %s', (_name, startTracing, handedOver) => {
  const op = handedOver('op');

  test('async generator: its span is active in each step, and ends when it has run out', async () => {
    const { tracer, finishedNames } = startTracing();
    const seen: unknown[] = [];
    const iteration = withOtelSpan('op', { tracer }, async function* () {
      seen.push(activeName());
      yield 'a';
      seen.push(activeName());
      yield 'b';
      seen.push(activeName());
    });
    expect(seen).toEqual([]);
    for await (const value of iteration) seen.push(value, activeName(), finishedNames());
    expect(seen).toEqual([op, 'a', undefined, [], op, 'b', undefined, [], op]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('generator: its span is active in each step, and ends when it has run out', () => {
    const { tracer, finishedNames } = startTracing();
    const seen: unknown[] = [];
    const iteration = withOtelSpan('op', { tracer }, function* () {
      seen.push(activeName());
      yield 'a';
      seen.push(activeName());
    });
    expect(seen).toEqual([]);
    for (const value of iteration) seen.push(value, activeName(), finishedNames());
    expect(seen).toEqual([op, 'a', undefined, [], op]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('generators: what goes in by next() and out by return comes through', async () => {
    const { tracer, finishedNames } = startTracing();
    const sync = withOtelSpan('sync', { tracer }, function* (): Generator<string, string, number> {
      return `got ${yield 'first'}`;
    });
    expect([sync.next(), sync.next(42), sync.next()]).toEqual([
      { done: false, value: 'first' },
      { done: true, value: 'got 42' },
      { done: true, value: undefined },
    ]);
    const async = withOtelSpan('async', { tracer }, async function* (): AsyncGenerator<
      string,
      string,
      number
    > {
      return `got ${yield 'first'}`;
    });
    expect(await Promise.all([async.next(), async.next(42), async.next()])).toEqual([
      { done: false, value: 'first' },
      { done: true, value: 'got 42' },
      { done: true, value: undefined },
    ]);
    expect(finishedNames()).toEqual(['sync', 'async']);
  });

  test('spans that are started in a step are children', async () => {
    const { tracer, finished } = startTracing();
    for await (const _ of withOtelSpan('op', { tracer }, async function* () {
      tracer.startSpan('child').end();
      yield;
    }));
    const [child, parent] = finished();
    expect([child?.name, parent?.name]).toEqual(['child', 'op']);
    expect(child?.parentSpanContext?.spanId).toBe(handedOver(String(parent?.spanContext().spanId)));
  });

  test('two iterations in turn each see their own span', async () => {
    const { tracer, finishedNames } = startTracing();
    const seen: (string | undefined)[] = [];
    const iterate = (name: string) =>
      withOtelSpan(name, { tracer }, async function* () {
        for (let i = 0; i < 2; i++) yield seen.push(activeName());
      });
    const [a, b] = [iterate('a'), iterate('b')];
    for (let i = 0; i < 3; i++) await Promise.all([a.next(), b.next()]);
    expect(seen).toEqual(['a', 'b', 'a', 'b'].map(handedOver));
    expect(finishedNames()).toEqual(['a', 'b']);
  });

  test('break: the iteration is abandoned, which runs its finally and then ends its span', async () => {
    const { tracer, finished, finishedNames } = startTracing();
    const seen: unknown[] = [];
    const async = withOtelSpan('async', { tracer }, async function* () {
      try {
        yield;
      } finally {
        seen.push(finishedNames()); // after an await of the engine, so that what is active is the manager's own matter
      }
    });
    for await (const _ of async) break;
    const sync = withOtelSpan('sync', { tracer }, function* () {
      try {
        yield;
      } finally {
        seen.push(finishedNames(), activeName());
      }
    });
    for (const _ of sync) break;
    expect(seen).toEqual([[], ['async'], handedOver('sync')]);
    expect(finished().map((span) => [span.name, span.status.code])).toEqual([
      ['async', UNSET],
      ['sync', UNSET],
    ]);
  });

  test('an error in the body of the loop abandons the iteration and is none of its span', async () => {
    const { tracer, finished } = startTracing();
    const error = new Error('of the consumer');
    const iteration = withOtelSpan('op', { tracer }, async function* () {
      yield;
    });
    const loop = async () => {
      for await (const _ of iteration) throw error;
    };
    await expect(loop()).rejects.toBe(error);
    expect(finished().map((span) => [span.status.code, span.events.length])).toEqual([[UNSET, 0]]);
  });

  test('return() before the first step ends the span', async () => {
    const { tracer, finishedNames } = startTracing();
    const sync = withOtelSpan('sync', { tracer }, function* (): Generator<number, number> {
      yield 1;
      return 2;
    });
    expect(sync.return(42)).toEqual({ done: true, value: 42 });
    const async = withOtelSpan('async', { tracer }, async function* (): AsyncGenerator<number, number> {
      yield 1;
      return 2;
    });
    expect(await async.return(42)).toEqual({ done: true, value: 42 });
    expect(finishedNames()).toEqual(['sync', 'async']);
  });

  test('an error in a step ends the span once, with the error', async () => {
    const { tracer, finished } = startTracing();
    const error = new RangeError('in a step');
    const async = withOtelSpan('async', { tracer }, async function* () {
      yield;
      throw error;
    });
    await async.next();
    await expect(async.next()).rejects.toBe(error);
    expect(await async.next()).toEqual({ done: true, value: undefined });
    const sync = withOtelSpan('sync', { tracer }, function* () {
      yield;
      throw error;
    });
    sync.next();
    expect(() => sync.next()).toThrow(error);
    expect(sync.next()).toEqual({ done: true, value: undefined });
    const failed = { code: ERROR, message: 'in a step' };
    expect(finished().map((span) => [span.name, span.status, span.events.length])).toEqual([
      ['async', failed, 1],
      ['sync', failed, 1],
    ]);
  });

  test('throw(): a generator that catches it goes on, one that does not ends the span with it', async () => {
    const { tracer, finished } = startTracing();
    const error = new RangeError('thrown in');
    const sync = withOtelSpan('sync', { tracer }, function* () {
      try {
        yield 'try';
      } catch {
        yield activeName();
      }
    });
    sync.next();
    expect(sync.throw(error)).toEqual({ done: false, value: handedOver('sync') });
    expect(finished()).toEqual([]);
    expect(() => sync.throw(error)).toThrow(error);
    const async = withOtelSpan('async', { tracer }, async function* () {
      try {
        yield 'try';
      } catch {
        yield activeName();
      }
    });
    await async.next();
    expect(await async.throw(error)).toEqual({ done: false, value: handedOver('async') });
    expect(finished()).toHaveLength(1);
    await expect(async.throw(error)).rejects.toBe(error);
    expect(finished().map((span) => [span.name, span.status.message])).toEqual([
      ['sync', 'thrown in'],
      ['async', 'thrown in'],
    ]);
  });

  test('yield* hands every step on', async () => {
    const { tracer, finishedNames } = startTracing();
    const inner = () =>
      withOtelSpan('inner', { tracer }, async function* () {
        yield activeName();
      });
    const outer = withOtelSpan('outer', { tracer }, async function* () {
      yield activeName();
      yield* inner();
      yield finishedNames();
    });
    const seen: unknown[] = [];
    for await (const value of outer) seen.push(value, finishedNames());
    expect(seen).toEqual([handedOver('outer'), [], handedOver('inner'), [], ['inner'], ['inner']]);
    expect(finishedNames()).toEqual(['inner', 'outer']);
  });
});
