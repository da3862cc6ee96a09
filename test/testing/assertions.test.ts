import { context, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import {
  DomainPromise,
  localOtelPromiseDomain,
  localPromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
} from '../../src/index.js';
import {
  assertHandOff,
  assertNoContext,
  assertNoSpanOpen,
  assertSpanEnd,
  assertSpanStart,
  assertTimeline,
  recordTimeline,
  TimelineAssertionError,
  type TimelineTools,
} from '../../src/testing/index.js';
import { acceptanceProgram, acceptanceText } from '../support/acceptance-program.js';
import { bracketingManagers, register } from '../support/awaiting.js';
import { dispose } from '../support/dispose.js';

const timeline = await recordTimeline(acceptanceProgram);

/** A program with the faults that people make. */
const faulty = await recordTimeline(async ({ tracer, mark }: TimelineTools) => {
  const root = tracer.startSpan('request');
  const loaded = withOtelSpan('load', { tracer }, () => DomainPromise.resolve().then(function parse() {}));
  void loaded.then(function render() {
    tracer.startSpan('query').end();
    mark('rendered');
  });
  const twice = tracer.startSpan('twice');
  twice.end();
  await loaded;
  twice.end();
  root.addEvent('never ended');
});

/** What `assertion` fails with. */
function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    expect(error).toBeInstanceOf(TimelineAssertionError);
    expect(error).toMatchObject({ name: 'TimelineAssertionError', code: 'TIMELINE_ASSERTION' });
    return (error as Error).message;
  }
  throw new Error('the assertion holds');
}

/** The lines of a message before the steps. */
const head = (assertion: () => void) => messageOf(assertion).split('\n\n')[0]?.split('\n');
/** The steps that an arrow points at. */
const arrows = (assertion: () => void) =>
  messageOf(assertion)
    .split('\n')
    .filter((line) => line.startsWith('→'))
    .map((line) => line.slice(2).split(' ')[0]);

describe('assertHandOff()', () => {
  test('holds at the then() that captures, at the callback, anywhere, and in a tick', () => {
    for (const at of ['t0.3', 't1.0', 't1', undefined]) assertHandOff(timeline, 'async_op', { at });
  });

  test('holds for marks and spans in a callback', async () => {
    const recorded = await recordTimeline(({ tracer, mark }) =>
      withOtelSpan('op', { tracer }, () =>
        DomainPromise.resolve().then(() => {
          mark('in the callback');
          tracer.startSpan('child').end();
        }),
      ),
    );
    for (const at of ['t1.0', 't1.1', 't1.2', 't1.3']) assertHandOff(recorded, 'op', { at });
  });

  test.each(bracketingManagers)('holds at an await and after it under the %s', async (_name, makeManager) => {
    register(makeManager());
    const recorded = await recordTimeline(({ tracer, mark, tick }) =>
      withOtelSpan('op', { tracer }, async () => {
        await tick();
        mark('after');
      }),
    );
    for (const at of ['t0.3', 't1.0', 't1.1']) assertHandOff(recorded, 'op', { at });
    expect(head(() => assertHandOff(recorded, 'op', { at: 't0.2' }))).toContain(
      '            it is active in the call that began at t0.2, and not handed over there',
    );
  });

  test('fails at a callback that lost the span, and tells where it was lost', () => {
    const steps = acceptanceText.split('\n').filter((line) => /^ {2}t\d/.test(line));
    expect(messageOf(() => assertHandOff(timeline, 'async_op', { at: 't3.0' })).split('\n')).toEqual([
      'expected: async_op is handed off at t3.0',
      '  happened: t3.0: #2 moreAsyncWork runs; no span is active',
      '            since at t0.5: #2 then(moreAsyncWork) after #1 captures nothing: no active span; no span is active',
      '            async_op is handed off at t0.3 and t1.0',
      '',
      ...steps.map((line) => line.replace(/^ {2}(?=t3\.0)/, '→ ')),
      '',
      'the program: fulfilled',
    ]);
  });

  test('fails where there is no such step, and no such span', () => {
    expect(head(() => assertHandOff(timeline, 'async_op', { at: 't9' }))).toContain(
      '  happened: there is no step t9; the last one is t5.0',
    );
    expect(head(() => assertHandOff(timeline, 'other'))).toContain(
      '  happened: no span is named other; the spans are async_op',
    );
  });

  test('fails for a span that is handed off nowhere', () => {
    expect(head(() => assertHandOff(faulty, 'query'))).toEqual([
      'expected: query is handed off',
      '  happened: no callback and no await has it active',
      '            query is handed off nowhere',
    ]);
  });
});

describe('assertSpanStart()', () => {
  test('holds for place and parent', async () => {
    const recorded = await recordTimeline(({ tracer }) =>
      tracer.startActiveSpan('outer', (outer) => {
        tracer.startSpan('inner').end();
        outer.end();
      }),
    );
    assertSpanStart(recorded, 'inner', { at: 't0.2', parent: 'outer' });
    assertSpanStart(recorded, 'outer', { parent: null });
    assertSpanStart(recorded, 'outer');
    expect(head(() => assertSpanStart(recorded, 'inner', { parent: null }))).toEqual([
      'expected: inner is started as a root',
      '  happened: inner is started at t0.2 as a child of outer',
    ]);
    expect(arrows(() => assertSpanStart(recorded, 'inner', { at: 't0.1' }))).toEqual(['t0.2']);
  });

  test('fails for a child that has become a root', () => {
    expect(head(() => assertSpanStart(faulty, 'query', { at: 't3', parent: 'load' }))).toEqual([
      'expected: query is started at t3 as a child of load',
      '  happened: query is started at t3.1 as a root',
    ]);
  });
});

describe('assertSpanEnd()', () => {
  test('holds for place, number and status', () => {
    assertSpanEnd(timeline, 'async_op');
    assertSpanEnd(timeline, 'async_op', { at: 't2.0', once: true, status: 'unset' });
    assertSpanEnd(faulty, 'twice', { at: 't0' });
  });

  test.each<[string, Parameters<typeof assertSpanEnd>[2], string[], string[]]>([
    [
      'async_op',
      { at: 't1' },
      ['expected: async_op ends at t1', '  happened: async_op ends at t2.0 with the status unset'],
      ['t2.0'],
    ],
    [
      'async_op',
      { status: 'error' },
      [
        'expected: async_op ends with the status error',
        '  happened: async_op ends at t2.0 with the status unset',
      ],
      ['t2.0'],
    ],
    [
      'absent',
      {},
      ['expected: absent ends', '  happened: no span is named absent; the spans are async_op'],
      [],
    ],
  ])('fails for %s with %j', (name, options, lines, points) => {
    expect(head(() => assertSpanEnd(timeline, name, options))).toEqual(lines);
    expect(arrows(() => assertSpanEnd(timeline, name, options))).toEqual(points);
  });

  test('fails for one that ended twice, and for one that never did', () => {
    const twice = () => assertSpanEnd(faulty, 'twice', { once: true });
    expect(head(twice)).toEqual([
      'expected: twice ends once',
      expect.stringMatching(/^ {2}happened: twice ends at t0\.\d+ and t\d\.\d with the status unset$/),
    ]);
    expect(arrows(twice)).toHaveLength(2);
    expect(head(() => assertSpanEnd(faulty, 'request'))).toEqual([
      'expected: request ends',
      '  happened: request was started at t0.0 and is still open',
    ]);
  });
});

describe('a name that several spans have', () => {
  const program = ({ tracer }: TimelineTools) => {
    for (const name of ['query', 'query', 'other']) tracer.startSpan(name).end();
    tracer.startSpan('query');
  };

  test('has ended once only if none of them has ended twice', async () => {
    const recorded = await recordTimeline(({ tracer }) => {
      tracer.startSpan('query').end();
      const twice = tracer.startSpan('query');
      twice.end();
      twice.end();
    });
    assertSpanEnd(recorded, 'query');
    expect(() => assertSpanEnd(recorded, 'query', { once: true })).toThrow(TimelineAssertionError);
  });

  test('stands for any of them, and for all where they must end once', async () => {
    const recorded = await recordTimeline(program);
    assertSpanEnd(recorded, 'query');
    assertSpanEnd(recorded, 'query (2)', { once: true });
    expect(head(() => assertSpanEnd(recorded, 'query', { once: true }))).toEqual([
      'expected: query ends once',
      '  happened: query (1) ends at t0.1 with the status unset',
      '            query (2) ends at t0.3 with the status unset',
      '            query (3) was started at t0.6 and is still open',
    ]);
  });
});

describe('assertHandOff() with contexts that are attached', () => {
  test.each(bracketingManagers)('holds after an await under the %s', async (_name, makeManager) => {
    const manager = register(makeManager());
    const recorded = await recordTimeline(async ({ tracer, mark }) => {
      const span = tracer.startSpan('a');
      const token = manager.attach(trace.setSpan(context.active(), span));
      mark('before');
      await DomainPromise.resolve();
      mark('after');
      token.dispose();
      token.dispose();
      span.end();
    });
    assertHandOff(recorded, 'a', { at: 't1.1' });
    expect(recorded.steps.filter(({ kind }) => kind === 'span deactivate')).toHaveLength(1);
    expect(() => assertHandOff(recorded, 'a', { at: 't0.2' })).toThrow(TimelineAssertionError);
  });
});

describe('assertNoSpanOpen()', () => {
  test('fails with the spans that are open and the places that started them', () => {
    assertNoSpanOpen(timeline);
    expect(head(() => assertNoSpanOpen(faulty))).toEqual([
      'expected: no span is left open',
      expect.stringMatching(
        /^ {2}happened: request is open, started at t0\.0 by .*assertions\.test\.m?[jt]s:\d+:\d+/,
      ),
    ]);
    expect(arrows(() => assertNoSpanOpen(faulty))).toEqual(['t0.0']);
  });
});

describe('assertNoContext()', () => {
  test('fails with the domains that were not disposed and the places that installed them', async () => {
    const leaking = await recordTimeline(() => {
      dispose(localOtelPromiseDomain());
      localPromiseDomain({ name: 'forgotten' });
    });
    assertNoContext(timeline);
    expect(head(() => assertNoContext(leaking))).toEqual([
      'expected: no domain is left installed and no context attached',
      expect.stringMatching(
        /^ {2}happened: domain forgotten was not disposed, installed at t0\.2 by .*assertions\.test\.m?[jt]s:\d+:\d+/,
      ),
    ]);
    expect(arrows(() => assertNoContext(leaking))).toEqual(['t0.2']);
  });

  test('holds where a local domain is disposed after an await', async () => {
    const recorded = await recordTimeline(async ({ tick }) => {
      const local = localOtelPromiseDomain();
      await Promise.resolve();
      await tick();
      dispose(local);
    });
    assertNoContext(recorded);
  });
});

describe('assertTimeline()', () => {
  test('holds for the text, however it is indented', () => {
    assertTimeline(timeline, acceptanceText);
    assertTimeline(timeline, String(timeline));
    assertTimeline(timeline, `\n\n${acceptanceText.replaceAll('\n', '\r\n')}\n`);
  });

  test('fails with the first line that differs', () => {
    const changed = acceptanceText.replace('#2 moreAsyncWork runs', '#2 lessAsyncWork runs');
    expect(head(() => assertTimeline(timeline, changed))).toEqual([
      expect.stringMatching(/^expected: the timeline has as line 13 "t3.0 {2}#2 lessAsyncWork runs +-"$/),
      expect.stringMatching(/^ {2}happened: it has as line 13 "t3.0 {2}#2 moreAsyncWork runs +-"$/),
    ]);
    expect(arrows(() => assertTimeline(timeline, changed))).toEqual(['t3.0']);
    expect(head(() => assertTimeline(timeline, `${acceptanceText}  more`))?.[1]).toBe(
      '  happened: it ends after 22 lines',
    );
    expect(head(() => assertTimeline(timeline, ''))?.[0]).toMatch(
      'expected: the timeline ends after 0 lines',
    );
  });
});

describe('a message', () => {
  test('has names in one line, and not too many of them', async () => {
    const recorded = await recordTimeline(({ tracer }) => {
      for (let i = 0; i < 30; i++) tracer.startSpan(`line ${i}\nanother`);
    });
    const lines = head(() => assertNoSpanOpen(recorded)) ?? [];
    expect(lines).toHaveLength(12);
    expect(lines[1]).toMatch(/^ {2}happened: line 0\\nanother is open, started at t0\.0 by /);
    expect(lines.at(-1)).toBe('            and 20 more');
    expect(head(() => assertSpanEnd(recorded, 'other'))?.[1]).toMatch(/line 19\\nanother, and 10 more$/);
  });

  test('has the error of the program as its cause', async () => {
    const error = new RangeError('out of range');
    const recorded = await recordTimeline(() => Promise.reject(error));
    expect(() => assertSpanEnd(recorded, 'op')).toThrow(expect.objectContaining({ cause: error }));
  });
});

describe('the excerpt', () => {
  test('of a long timeline shows what is around the points', async () => {
    const long = await recordTimeline(async ({ tracer, mark }) => {
      for (let i = 0; i < 50; i++) {
        mark(`mark ${i}`);
        if (i === 20) tracer.startSpan('open');
      }
    });
    const [, steps] = messageOf(() => assertNoSpanOpen(long)).split('\n\n');
    const shown = steps?.split('\n').map((line) => line.trim());
    expect(shown?.[0]).toBe('…');
    expect(shown?.at(-1)).toBe('…');
    expect(shown).toHaveLength(11);
    expect(steps).toContain('\n→ t0.21  start span open  -\n');
  });

  test('of a timeline without steps says so', async () => {
    const empty = await recordTimeline(() => {});
    expect(messageOf(() => assertSpanEnd(empty, 'op'))).toBe(
      'expected: op ends\n  happened: no span is named op; there are no spans (where some were started, see whether `npm ls @opentelemetry/api` has two copies)\n\nnothing was recorded\nthe program: fulfilled',
    );
  });
});

describe('arguments are refused', () => {
  const notATimeline = 'timeline must be what recordTimeline() resolves with';
  test.each<[string, () => void, string]>([
    [
      'a promise',
      () => assertNoSpanOpen(recordTimeline(() => {}) as never),
      `assertNoSpanOpen: ${notATimeline} (got a promise, which is to be awaited)`,
    ],
    ['null', () => assertNoContext(null as never), `assertNoContext: ${notATimeline} (got null)`],
    [
      'a text for a timeline',
      () => assertTimeline('text' as never, 'text'),
      `assertTimeline: ${notATimeline} (got string)`,
    ],
    [
      'a text that is none',
      () => assertTimeline(timeline, 1 as never),
      'assertTimeline: text must be a string (got 1)',
    ],
    [
      'a span for a name',
      () => assertHandOff(timeline, {} as never),
      'assertHandOff: name must be the name of a span (got object)',
    ],
    [
      'options that are none',
      () => assertSpanEnd(timeline, 'async_op', 't1.0' as never),
      'assertSpanEnd: options must be an object (got "t1.0")',
    ],
    [
      'an option that is none',
      () => assertSpanEnd(timeline, 'async_op', { tick: 1 } as never),
      'assertSpanEnd: options.tick is not known; there are at, once, status',
    ],
    [
      'a step that is none',
      () => assertSpanStart(timeline, 'async_op', { at: 1 as never }),
      "assertSpanStart: options.at must be a step or a tick, as in 't1.0' or 't1' (got 1)",
    ],
    [
      'a text that is no step',
      () => assertHandOff(timeline, 'async_op', { at: '1.0' }),
      `assertHandOff: options.at must be a step or a tick, as in 't1.0' or 't1' (got "1.0")`,
    ],
    [
      'a status that is none',
      () => assertSpanEnd(timeline, 'async_op', { status: 'OK' as never }),
      'assertSpanEnd: options.status must be unset, ok or error (got "OK")',
    ],
    [
      'a number of times',
      () => assertSpanEnd(timeline, 'async_op', { once: 1 as never }),
      'assertSpanEnd: options.once must be a boolean (got 1)',
    ],
    [
      'a parent that is no name',
      () => assertSpanStart(timeline, 'async_op', { parent: {} as never }),
      'assertSpanStart: options.parent must be the name of a span, or null (got object)',
    ],
  ])('%s', (_what, assertion, message) => {
    expect(assertion).toThrow(message);
    expect(assertion).not.toThrow(TimelineAssertionError);
  });

  test('but a domain around is not', () => {
    withOtelPromiseDomain(() => assertNoSpanOpen(timeline));
  });
});
