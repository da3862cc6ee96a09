import { describeStep } from '../describe-step.js';
import type { TimelineStep } from '../timeline.js';
import type { Stretch } from './activity.js';
import type { Reading } from './reading.js';
import { type Group, place, type Shape, type SymbolName, stepColumn } from './shapes.js';

/** What is drawn of one lane, or of several below each other. */
export interface Lane {
  readonly groups: readonly Group[];
  /** Where the next one begins. */
  readonly bottom: number;
}

/** Shapes that draw one step. */
export function stepGroup({ spanId }: Reading, step: TimelineStep, shapes: readonly Shape[]): Group {
  const span = spanId(step.span);
  return {
    step: step.at,
    title: describeStep(step),
    shapes,
    ...(step.call !== undefined && { call: step.call }),
    ...(span !== undefined && { span }),
  };
}

/** Running code, in the colours of the spans that are active in it. */
export function runBars(
  { tone }: Reading,
  found: readonly Stretch[],
  y: number,
  height: number,
): readonly Shape[] {
  return found.map(({ from, to, span }) => ({
    shape: 'bar',
    from,
    to,
    y,
    height,
    tone: span === undefined ? 'empty' : `solid ${tone(span)}`,
  }));
}

/** A sign at a step. */
export function sign(symbol: SymbolName, index: number, y: number, tone: string, shift = 0): Shape {
  return { shape: 'symbol', symbol, at: place(stepColumn(index), shift), y, tone };
}
