import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Layout, layoutTimeline, type TextBox, textBoxes } from '../../../src/testing/drawing/layout.js';
import { textWidth } from '../../../src/testing/drawing/text-width.js';
import { drawn } from '../support/drawn.js';
import { anyTimeline } from '../support/random-timelines.js';
import { acceptance, samples } from '../support/sample-timelines.js';

function overlaps(boxes: readonly TextBox[]): readonly string[] {
  const found: string[] = [];
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      const across = one.left < other.right && other.left < one.right;
      const down = one.top < other.bottom && other.top < one.bottom;
      if (across && down) found.push(`${one.text} | ${other.text}`);
    }
  });
  return found;
}

function outside(layout: Layout): readonly string[] {
  return textBoxes(layout)
    .filter(
      ({ left, right, top, bottom }) => left < 0 || top < 0 || right > layout.width || bottom > layout.height,
    )
    .map(({ text }) => text);
}

/** The names of domains that are longer than their bars. */
function outOfBars(layout: Layout): readonly string[] {
  const x = ({ column, shift }: { column: number; shift: number }) => (layout.columns[column] ?? 0) + shift;
  const boxes = textBoxes(layout);
  return drawn(layout, 'bar')
    .filter(({ tone }) => tone === 'domain')
    .flatMap(({ from, to, y }) => {
      const inside = boxes.filter(({ left, top, bottom }) => left === x(from) + 7 && top < y && y < bottom);
      return inside.filter(({ right }) => right > x(to)).map(({ text }) => text);
    });
}

describe('columns', () => {
  it.each(Object.entries(samples))('are wide enough that no text is on another one: %s', (_, timeline) => {
    const layout = layoutTimeline(timeline);
    expect(overlaps(textBoxes(layout))).toEqual([]);
    expect(outside(layout)).toEqual([]);
    expect(outOfBars(layout)).toEqual([]);
  });

  it('are wide enough for any timeline', () => {
    fc.assert(
      fc.property(anyTimeline(), (timeline) => {
        const layout = layoutTimeline(timeline);
        expect(overlaps(textBoxes(layout))).toEqual([]);
        expect(outside(layout)).toEqual([]);
        expect(outOfBars(layout)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('go from left to right, and are no wider than a step needs', () => {
    const { columns } = layoutTimeline(acceptance);
    const gaps = columns.slice(2).map((x, index) => x - (columns[index + 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(22);
    expect(gaps.slice(1, 8)).toEqual([27, 27, 27, 27, 27, 27, 27]);
  });

  it('leave a gap between ticks', () => {
    const { columns } = layoutTimeline(acceptance);
    expect((columns[10] ?? 0) - (columns[9] ?? 0)).toBe(38);
  });
});

describe('textWidth()', () => {
  const face = { size: 10, mono: false, bold: false };

  it('is no less than the advances of DejaVu Sans', () => {
    const advances = {
      i: 2.78,
      m: 9.74,
      W: 9.89,
      '@': 10,
      '…': 10,
      Q: 7.87,
      '#': 8.38,
      w: 8.18,
      0: 6.36,
      ' ': 3.18,
    };
    for (const [character, advance] of Object.entries(advances)) {
      expect(textWidth(character, face), character).toBeGreaterThanOrEqual(advance);
    }
  });

  it('is the same for every character of a monospaced face', () => {
    expect(textWidth('iiii', { ...face, mono: true })).toBe(textWidth('MMMM', { ...face, mono: true }));
    expect(textWidth('iiii', { ...face, mono: true })).toBeGreaterThanOrEqual(24);
  });
});
