import { describe, expect, expectTypeOf, test } from 'vitest';
import { DomainPromise, localOtelPromiseDomain, withOtelSpan } from '../../src/index.js';
import { recordTimeline, type TimelineTools } from '../../src/testing/index.js';
import '../../src/testing/vitest.js';
import { trace } from '@opentelemetry/api';
import { acceptanceProgram, acceptanceText } from '../support/acceptance-program.js';

const timeline = await recordTimeline(acceptanceProgram);

/** The first two lines of what `assertion` fails with. */
function headOf(assertion: () => void): string[] {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message.split('\n').slice(0, 2);
  }
  throw new Error('the assertion holds');
}

describe('expect(timeline)', () => {
  test('has matchers that hold', () => {
    expect(timeline).toHandOff('async_op');
    expect(timeline).toHandOff('async_op', { at: 't1.0' });
    expect(timeline).toStartSpan('async_op', { at: 't0.1', parent: null });
    expect(timeline).toEndSpan('async_op', { at: 't2.0', once: true });
    expect(timeline).toLeaveNoSpanOpen();
    expect(timeline).toLeaveNoContext();
    expect(timeline).toMatchTimeline(acceptanceText);
  });

  test('has matchers that fail with the messages of the assertions', () => {
    expect(headOf(() => expect(timeline).toHandOff('async_op', { at: 't4' }))).toEqual([
      'expected: async_op is handed off at t4',
      '  happened: t4.0: #3 finalWork runs; no span is active',
    ]);
    expect(() => expect(timeline).toStartSpan('async_op', { at: 't1' })).toThrow('async_op is started at t1');
    expect(() => expect(timeline).toEndSpan('async_op', { at: 't1' })).toThrow('async_op ends at t1');
    expect(() => expect(timeline).toMatchTimeline('text')).toThrow('the timeline has as line 1 "text"');
  });

  test('has matchers that can be negated', () => {
    expect(timeline).not.toHandOff('async_op', { at: 't3.0' });
    expect(timeline).not.toEndSpan('async_op', { at: 't1' });
    expect(timeline).not.toStartSpan('retry');
    expect(headOf(() => expect(timeline).not.toLeaveNoSpanOpen())).toEqual([
      'not expected: no span is left open',
      '  happened: every span was ended',
    ]);
    expect(headOf(() => expect(timeline).not.toHandOff('async_op', { at: 't1.0' }))).toEqual([
      'not expected: async_op is handed off at t1.0',
      '  happened: t1.0: #1 someAsyncWork runs; async_op is active',
    ]);
  });

  test('has matchers that fail for names and steps that are not there, negated or not', () => {
    const nobody = ['expected: nobody ends', '  happened: no span is named nobody; the spans are async_op'];
    expect(headOf(() => expect(timeline).toEndSpan('nobody'))).toEqual(nobody);
    expect(headOf(() => expect(timeline).not.toEndSpan('nobody'))).toEqual(nobody);
    expect(() => expect(timeline).not.toHandOff('nobody')).toThrow('no span is named nobody');
    expect(() => expect(timeline).not.toHandOff('async_op', { at: 't99' })).toThrow('there is no step t99');
  });

  test('refuses what is no timeline, and arguments that are none', () => {
    const wrong = (value: unknown) => value as never;
    expect(() => expect(recordTimeline(() => {})).toLeaveNoSpanOpen()).toThrow(
      'toLeaveNoSpanOpen: timeline must be what recordTimeline() resolves with (got a promise, which is to be awaited)',
    );
    expect(() => expect(timeline).toHandOff(wrong(1))).toThrow(
      'toHandOff: name must be the name of a span (got 1)',
    );
    expect(() => expect(timeline).not.toHandOff('async_op', { at: 'end' })).toThrow(RangeError);
  });

  test('shows in snapshots as its text', async () => {
    const empty = await recordTimeline(() => {}, { title: 'nothing' });
    expect({ timeline: empty }).toMatchInlineSnapshot(`
      {
        "timeline": nothing

      nothing was recorded

      the program: fulfilled,
      }
    `);
  });
});

describe('expect(program)', () => {
  test('has matchers that are to be awaited, as their types say', async () => {
    const matched: Promise<void> = expect(() => {}).toLeaveNoSpanOpen();
    await matched;
    expectTypeOf(expect(timeline).toLeaveNoSpanOpen()).toEqualTypeOf<void>();
  });

  const tracer = trace.getTracer('library');

  test('records it first', async () => {
    await expect(() =>
      withOtelSpan('op', { tracer }, () => DomainPromise.resolve().then(() => {})),
    ).toHandOff('op');
    await expect(() => withOtelSpan('op', { tracer }, () => {})).toLeaveNoSpanOpen();
    await expect(() => tracer.startSpan('open')).not.toLeaveNoSpanOpen();
    await expect(() => {
      localOtelPromiseDomain();
    }).not.toLeaveNoContext();
  });

  test('gives the program its tools', async () => {
    await expect(({ tracer }: TimelineTools) => tracer.startSpan('op').end()).toEndSpan('op', { once: true });
  });

  test('fails with the error of a program that does nothing else', async () => {
    const error = new ReferenceError('laodCart is not defined');
    const assertion = expect(() => {
      throw error;
    }).toLeaveNoSpanOpen();
    await expect(assertion).rejects.toBe(error);
  });

  test('fails with its timeline', async () => {
    await expect(expect(() => void tracer.startSpan('open')).toLeaveNoSpanOpen()).rejects.toThrow(
      /^expected: no span is left open\n {2}happened: open is open, started at t0\.0 by .*matchers\.test\.m?[jt]s/,
    );
  });
});
