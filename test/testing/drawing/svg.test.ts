import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutTimeline } from '../../../src/testing/drawing/layout.js';
import { drawSVG } from '../../../src/testing/drawing/svg.js';
import { drawn, stepsWith, wordsAt, xmlFaults } from '../support/drawn.js';
import { anyTimeline } from '../support/random-timelines.js';
import { acceptance, endedTwice, samples } from '../support/sample-timelines.js';

describe('drawSVG()', () => {
  it.each(Object.entries(samples))('writes well-formed XML, without scripts: %s', (_, timeline) => {
    const svg = drawSVG(timeline);
    expect(xmlFaults(svg)).toEqual([]);
    expect(svg).not.toMatch(/<script|<foreignObject|\son\w+=|url\(|href/);
  });

  it('writes well-formed XML whatever the program has named', () => {
    fc.assert(
      fc.property(anyTimeline(), (timeline) => {
        expect(xmlFaults(drawSVG(timeline))).toEqual([]);
      }),
    );
  });

  it('writes the same bytes for the same timeline', () => {
    fc.assert(
      fc.property(anyTimeline(), (timeline) => {
        expect(drawSVG(JSON.parse(JSON.stringify(timeline)))).toBe(drawSVG(timeline));
      }),
      { numRuns: 30 },
    );
  });

  it('writes no number with more than one decimal', () => {
    for (const timeline of Object.values(samples)) {
      expect(drawSVG(timeline).replace(/<style>.*<\/style>/, '')).not.toMatch(/[=" MHV]\d+\.\d\d/);
    }
  });

  it('has a role, a title, and a description in one sentence', () => {
    const svg = drawSVG(acceptance);
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<title>The acceptance timeline</title>');
    expect(svg).toContain('<desc>16 steps in 6 ticks; 1 span; 1 promise chain; fulfilled.</desc>');
  });

  it('says in the description what went wrong', () => {
    expect(drawSVG(endedTwice)).toContain('parse was ended 2 times: t1.1, t2.1.</desc>');
  });

  it('has colours for light and for dark backgrounds, for nothing but the drawing', () => {
    const style = /<style>(.*)<\/style>/.exec(drawSVG(acceptance))?.[1] ?? '';
    const [light, dark] = style.split('@media (prefers-color-scheme:dark)');
    expect(light).toContain('.paper{fill:#ffffff}');
    expect(dark).toContain('.paper{fill:#0d1117}');
    const selectors = [...style.replace('@media (prefers-color-scheme:dark){', '').matchAll(/([^{}]+)\{/g)];
    const unscoped = selectors
      .flatMap(([, list = '']) => list.split(','))
      .filter((one) => !/^\.otel-timeline /.test(one));
    expect(unscoped).toEqual([]);
  });

  it.each(Object.entries(samples))(
    'draws every step twice, in the header and in a lane: %s',
    (_, timeline) => {
      const svg = drawSVG(timeline);
      for (const { at } of timeline.steps) {
        expect(svg.split(`data-step="${at}"`).length - 1, at).toBe(2);
      }
    },
  );

  it('explains each step under the pointer', () => {
    expect(drawSVG(acceptance)).toMatch(
      /data-step="t1\.0" data-call="1"[^>]*><title>#1 someAsyncWork runs<\/title>/,
    );
  });

  it('says that there is nothing to draw', () => {
    expect(drawSVG({ steps: [], spans: [], outcome: 'fulfilled' })).toContain('Nothing was recorded.');
  });

  it('draws 500 steps', () => {
    const [timeline] = fc.sample(anyTimeline(500, 500), { numRuns: 1, seed: 3 });
    if (timeline === undefined) throw new Error('no sample');
    expect(timeline.steps.length).toBe(500);
    expect(xmlFaults(drawSVG(timeline))).toEqual([]);
  });
});

describe('the acceptance timeline', () => {
  const layout = layoutTimeline(acceptance);

  it('has the signs of the reference behaviour where they belong', () => {
    expect(stepsWith(layout, 'start')).toEqual(['t0.1']);
    expect(stepsWith(layout, 'end')).toEqual(['t2.0']);
    expect(stepsWith(layout, 'ring')).toEqual(['t0.3']);
    expect(stepsWith(layout, 'empty ring')).toEqual(['t0.5', 't0.7']);
    expect(stepsWith(layout, 'flag')).toEqual(['t5.0']);
    expect(stepsWith(layout, 'again')).toEqual([]);
  });

  it('says what each then() captures, and why it captures nothing', () => {
    expect(wordsAt(layout, 't0.3')).toEqual(['#1 then captures', 'async_op']);
    expect(wordsAt(layout, 't0.5')).toEqual(['#2 then captures nothing', 'no active span']);
    expect(wordsAt(layout, 't0.7')).toEqual(['#3 then captures nothing', 'no domain']);
  });

  it('says what runs, and with which span', () => {
    expect(wordsAt(layout, 't1.0')).toEqual(['#1 someAsyncWork', 'async_op active']);
    expect(wordsAt(layout, 't3.0')).toEqual(['#2 moreAsyncWork', 'no active span']);
    expect(wordsAt(layout, 't4.0')).toEqual(['#3 finalWork', 'no active span']);
  });

  it('has a bar for each callback, in the colour of the span, or none', () => {
    const bars = drawn(layout, 'bar').filter(({ group }) => group.call !== undefined);
    expect(bars.map(({ group, tone }) => [group.step, tone])).toEqual([
      ['t1.0', 'solid k0'],
      ['t3.0', 'empty'],
      ['t4.0', 'empty'],
    ]);
  });

  it('connects each ring with the bar of its callback', () => {
    const links = drawn(layout, 'line').filter(({ group }) => group.role === 'link');
    const steps = acceptance.steps.map(({ at }) => at);
    const between = links.map(({ from, to, tone }) => [steps[from.column - 2], steps[to.column - 2], tone]);
    expect(between).toEqual([
      ['t0.3', 't1.0', 'link k0'],
      ['t0.5', 't3.0', 'link none unlinked'],
      ['t0.7', 't4.0', 'link none unlinked'],
    ]);
  });
});
