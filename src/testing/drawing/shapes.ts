import type { Face } from './text-width.js';

/** A place across: the pixels to the right of a column. */
export interface Place {
  readonly column: number;
  readonly shift: number;
}

/** A piece of a text, in the colour of a class. */
export interface Part {
  readonly text: string;
  readonly tone: string;
}

/** Text in one line. */
export interface TextShape {
  readonly shape: 'text';
  readonly at: Place;
  /** The baseline. */
  readonly y: number;
  readonly face: Face;
  readonly middle?: boolean;
  readonly parts: readonly Part[];
}

/** A line: level, down, or level and then down. */
interface LineShape {
  readonly shape: 'line';
  readonly from: Place;
  readonly to: Place;
  readonly y: number;
  readonly toY?: number;
  /** Classes: a colour, and how the line is drawn. */
  readonly tone: string;
}

/** An area with round corners. */
interface BarShape {
  readonly shape: 'bar';
  readonly from: Place;
  readonly to: Place;
  /** The middle. */
  readonly y: number;
  readonly height: number;
  readonly radius?: number;
  readonly tone: string;
}

export type SymbolName =
  | 'start'
  | 'end'
  | 'again'
  | 'failed'
  | 'ring'
  | 'empty ring'
  | 'cap'
  | 'end cap'
  | 'thrown'
  | 'flag'
  | 'finding';

/** A sign of one size. */
interface SymbolShape {
  readonly shape: 'symbol';
  readonly at: Place;
  /** The middle. */
  readonly y: number;
  readonly symbol: SymbolName;
  readonly tone: string;
}

export type Shape = TextShape | LineShape | BarShape | SymbolShape;

/** Shapes that belong together, and what they are about. */
export interface Group {
  readonly shapes: readonly Shape[];
  /** In words, shown under the pointer. */
  readonly title?: string;
  /** Where the step is that is drawn: `t1.0`. */
  readonly step?: string;
  readonly call?: number;
  /** The `id` of a span. */
  readonly span?: string;
  /** A class of the group. */
  readonly role?: string;
}

/** The column in which `x` is counted from the edge of the page. */
export const page = 0;
/** The column in which the lanes begin. */
export const leftEdge = 1;

/** The column of the step with this index. */
export function stepColumn(index: number): number {
  return index + 2;
}

/** The column in which the lanes end. */
export function rightEdge(steps: number): number {
  return steps + 2;
}

export function place(column: number, shift = 0): Place {
  return { column, shift };
}

/** The faces of the drawing. */
export const faces = {
  title: { size: 15, mono: false, bold: true },
  body: { size: 12, mono: false, bold: false },
  name: { size: 11, mono: true, bold: true },
  label: { size: 11, mono: false, bold: false },
  tick: { size: 11, mono: true, bold: true },
  count: { size: 10, mono: true, bold: false },
  small: { size: 10, mono: false, bold: false },
};
