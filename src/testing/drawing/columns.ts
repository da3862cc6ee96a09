import type { TimelineStep } from '../timeline.js';
import { leftEdge, rightEdge, type Shape, stepColumn, type TextShape } from './shapes.js';
import { textWidth } from './text-width.js';

const stepGap = 27;
const tickGap = 38;
const edgeGap = 22;
const textGap = 9;

/** What takes up space in a column, in pixels to the left and to the right of it. */
export interface Extent {
  readonly column: number;
  /** What is on the same line keeps clear of each other. */
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

/** The space that a text takes up. */
export function textExtent({ at, y, face, parts, middle }: TextShape): Extent {
  const width = parts.reduce((sum, part) => sum + textWidth(part.text, face), 0);
  const start = middle ? at.shift - Math.ceil(width / 2) : at.shift;
  return { column: at.column, y, left: start, right: start + width };
}

function gapBefore(steps: readonly TimelineStep[], column: number): number {
  const step = steps[column - stepColumn(0)];
  const before = steps[column - stepColumn(1)];
  if (step === undefined || before === undefined) return edgeGap;
  return step.tick === before.tick ? stepGap : tickGap;
}

/** The extents of the texts among the shapes. */
export function textExtents(shapes: Iterable<Shape>): Extent[] {
  const extents: Extent[] = [];
  for (const shape of shapes) if (shape.shape === 'text') extents.push(textExtent(shape));
  return extents;
}

/** The `x` of every column: as far left as what is drawn in the columns before lets it be. */
export function placeColumns(
  steps: readonly TimelineStep[],
  gutter: number,
  extents: Iterable<Extent>,
): number[] {
  const byColumn = new Map<number, Extent[]>();
  for (const extent of extents) {
    const column = byColumn.get(extent.column);
    if (column === undefined) byColumn.set(extent.column, [extent]);
    else column.push(extent);
  }

  const xs: number[] = [0];
  const taken = new Map<number, number>();
  let x = gutter;
  for (let column = leftEdge; column <= rightEdge(steps.length); column++) {
    if (column > leftEdge) x += gapBefore(steps, column);
    const here = byColumn.get(column) ?? [];
    // The lanes end behind the last text, so that every line at their right edge is longer than what is written.
    if (column === rightEdge(steps.length)) x = Math.max(x, ...taken.values());
    for (const { y, left } of here) {
      const end = taken.get(y);
      if (end !== undefined) x = Math.max(x, end + textGap - left);
    }
    for (const { y, right } of here) taken.set(y, Math.max(taken.get(y) ?? 0, x + right));
    xs.push(x);
  }
  return xs;
}
