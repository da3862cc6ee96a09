import { describe, expect, it } from 'vitest';
import { layoutTimeline } from '../../../src/testing/drawing/layout.js';
import type { TimelineData } from '../../../src/testing/timeline.js';
import { drawn, groupsOf, gutterWords, stepsWith, wordsAt } from '../support/drawn.js';
import { inTicks, sampleSpan } from '../support/sample-steps.js';
import {
  acceptance,
  awaits,
  endedTwice,
  interleaved,
  lostSpan,
  nested,
} from '../support/sample-timelines.js';

const words = (timeline: TimelineData) =>
  drawn(layoutTimeline(timeline), 'text').map(({ parts }) => parts.map(({ text }) => text).join(''));

describe('lanes', () => {
  it('come in the order: program, domains, spans as a tree, chains', () => {
    expect(gutterWords(layoutTimeline(acceptance))).toEqual(['program', 'domain', 'async_op', 'chain 1']);
    expect(gutterWords(layoutTimeline(interleaved))).toEqual([
      'program',
      'domain',
      'GET /users',
      'query',
      'GET /orders',
      'query (2)',
      'chain 1',
      'chain 2',
    ]);
  });

  it('say which chain a branch comes from, and in which callback a chain was made', () => {
    expect(gutterWords(layoutTimeline(nested)).slice(-5)).toEqual([
      'chain 1',
      'chain 2',
      'follows #1',
      'chain 3',
      'made in #1',
    ]);
  });

  it('say which spans were started outside, and which are not recorded', () => {
    expect(gutterWords(layoutTimeline(endedTwice))).toContain('started outside');
    expect(gutterWords(layoutTimeline(awaits))).toContain('not recorded');
  });

  it('are indented below the lane of the parent', () => {
    const indents = layoutTimeline(nested).gutter.flatMap(({ span, shapes }) => {
      const [first] = shapes;
      return span === undefined || first?.shape !== 'text' ? [] : [first.at.shift];
    });
    expect(indents).toEqual([16, 32, 48, 64]);
  });
});

describe('the lane of a span', () => {
  it('is thick where the span is active', () => {
    const bars = drawn(layoutTimeline(acceptance), 'bar').filter(
      ({ group }) => group.span === 's1' && group.call === undefined,
    );
    expect(bars.map(({ group }) => group.title)).toEqual([
      'async_op is active from t0.2 to t0.4',
      'async_op is active from t1.0 to t1.1',
    ]);
  });

  it('is hollow where the span is active after its end', () => {
    const bars = drawn(layoutTimeline(endedTwice), 'bar').filter(
      ({ group }) => group.span === 's2' && group.step === undefined,
    );
    expect(bars.map(({ tone }) => tone)).toEqual(['solid k1', 'solid k1', 'over k1', 'over k1']);
  });

  it('goes to the right edge and says so where the span is never ended', () => {
    const layout = layoutTimeline(lostSpan);
    const edge = lostSpan.steps.length + 2;
    const open = drawn(layout, 'text').filter(({ parts }) => parts[0]?.text === 'open');
    expect(open.map(({ at, parts, group }) => [at.column, parts[0]?.tone, group.span])).toEqual([
      [edge, 'bad strong', 's1'],
    ]);
    const lines = drawn(layout, 'line').filter(
      ({ group, to }) => group.role === 'life' && to.column === edge,
    );
    expect(lines.map(({ group }) => group.span)).toEqual(['s1']);
  });

  it('does not blame the program for a span that was started outside', () => {
    const open = drawn(layoutTimeline(endedTwice), 'text').filter(({ parts }) => parts[0]?.text === 'open');
    expect(open.map(({ parts }) => parts[0]?.tone)).toEqual(['muted']);
  });

  it('crosses out a second end, and marks an error', () => {
    const layout = layoutTimeline(endedTwice);
    expect(stepsWith(layout, 'again')).toEqual(['t2.1']);
    expect(stepsWith(layout, 'failed')).toEqual(['t1.1']);
    expect(wordsAt(layout, 't1.1')).toEqual(['error: out of range']);
    expect(wordsAt(layout, 't2.1')).toEqual(['ended again']);
  });

  it('is connected with its parent where it starts', () => {
    const births = drawn(layoutTimeline(nested), 'line').filter(({ tone }) => tone.startsWith('birth'));
    expect(births.map(({ group }) => group.span)).toEqual(['s2', 's3', 's4']);
  });
});

describe('the lane of a chain', () => {
  it('has a row for each call that waits at the same time, and uses them again', () => {
    const rings = drawn(layoutTimeline(nested), 'symbol').filter(({ symbol }) => symbol === 'ring');
    const rows = new Map(rings.map(({ group, y }) => [group.call, y]));
    expect(new Set(rows.values()).size).toBe(5);
    const again = drawn(
      layoutTimeline({
        steps: inTicks([
          [{ kind: 'then not captured', call: 1 }],
          [
            { kind: 'callback enter', call: 1 },
            { kind: 'callback leave', call: 1 },
            { kind: 'then not captured', call: 2, follows: 1 },
          ],
        ]),
        spans: [],
        outcome: 'fulfilled',
      }),
      'symbol',
    ).filter(({ symbol }) => symbol === 'empty ring');
    expect(again.map(({ y }) => y)).toEqual([again[0]?.y, again[0]?.y]);
  });

  it('says which span a callback has lost', () => {
    const layout = layoutTimeline(lostSpan);
    expect(wordsAt(layout, 't1.0')).toEqual(['#1 charge', 'lost checkout: no active span']);
    expect(wordsAt(layout, 't2.0')).toEqual(['#2 audit', 'checkout active']);
    expect(wordsAt(layoutTimeline(awaits), 't2.0')).toEqual(['#2 goes on', 'lost job B: no active span']);
  });

  it('marks a callback that throws, with the note', () => {
    const layout = layoutTimeline(endedTwice);
    expect(stepsWith(layout, 'thrown')).toEqual(['t1.2']);
    expect(words(endedTwice)).toContain('parse active · throws RangeError: out of range');
  });

  it('says which callback did not run', () => {
    expect(wordsAt(layoutTimeline(endedTwice), 't0.5')).toEqual([
      '#3 then captures',
      'parse neverNeeded did not run',
    ]);
  });

  it('changes its colour where another span becomes active', () => {
    const bars = drawn(layoutTimeline(awaits), 'bar').filter(({ group }) => group.step === 't1.0');
    expect(bars.map(({ tone }) => tone)).toEqual(['solid k0', 'solid k2', 'solid k0']);
  });

  it('draws an await as it draws a then()', () => {
    expect(wordsAt(layoutTimeline(awaits), 't0.3')).toEqual(['#1 await captures', 'job A']);
    expect(stepsWith(layoutTimeline(awaits), 'ring')).toEqual(['t0.3', 't1.5', 't0.7']);
  });
});

describe('the lane of the domains', () => {
  const domain = (timeline: TimelineData) =>
    drawn(layoutTimeline(timeline), 'bar').filter(({ tone }) => tone === 'domain');

  it('has a bar from entering to leaving, for one inside another in a row of its own', () => {
    expect(domain(nested).map(({ from, to }) => [from.column - 2, to.column - 2])).toEqual([
      [0, 12],
      [1, 11],
    ]);
    expect(new Set(domain(nested).map(({ y }) => y)).size).toBe(2);
  });

  it('goes to the edges for one that is never left, or was entered before', () => {
    const steps = inTicks([
      [
        { kind: 'domain leave', label: 'before', note: 'the job is over' },
        { kind: 'domain enter', label: 'after' },
      ],
    ]);
    const timeline = { steps, spans: [], outcome: 'fulfilled' };
    expect(domain(timeline).map(({ from, to }) => [from.column, to.column])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(words(timeline)).toContain('the job is over');
  });
});

describe('the legend', () => {
  it('explains what occurs, and nothing else', () => {
    const explained = (timeline: TimelineData) =>
      groupsOf(layoutTimeline(timeline))
        .flatMap(({ shapes }) => shapes)
        .flatMap((shape) => (shape.shape === 'text' && shape.at.column === 0 ? [shape.parts[0]?.text] : []));
    expect(explained(acceptance)).toContain('then() captures nothing');
    expect(explained(acceptance)).not.toContain('ended again');
    expect(explained(endedTwice)).toEqual(
      expect.arrayContaining(['ended again', 'throws', 'active after its end']),
    );
    expect(explained(endedTwice)).not.toContain('then() captures nothing');
    expect(explained(awaits)).toContain('await captures the span of that colour');
  });
});

describe('a span that only the steps name', () => {
  it('has a lane', () => {
    const steps = inTicks([[{ kind: 'span start', span: 'unlisted' }]]);
    const layout = layoutTimeline({ steps, spans: [sampleSpan('s1', 'listed')], outcome: 'fulfilled' });
    expect(gutterWords(layout)).toContain('unlisted');
    expect(stepsWith(layout, 'start')).toEqual(['t0.0']);
  });
});
