import type { TimelineData } from '../timeline.js';
import { chainLanes } from './chain-lane.js';
import { type Extent, placeColumns, textExtent, textExtents } from './columns.js';
import { domainExtents, domainLane } from './domain-lane.js';
import { heading, tickBands, tickHeader } from './header.js';
import type { Lane } from './lane.js';
import { legend } from './legend.js';
import { programLane } from './program-lane.js';
import { type Reading, readTimeline } from './reading.js';
import {
  type Group,
  leftEdge,
  type Place,
  page,
  place,
  rightEdge,
  type Shape,
  type TextShape,
} from './shapes.js';
import { spanLanes } from './span-lane.js';
import { gutterText, margin } from './text.js';

const leastWidth = 480;
const groupGap = 8;

/** A drawing: what is where, before it is written down. */
export interface Layout {
  readonly reading: Reading;
  readonly width: number;
  readonly height: number;
  /** The `x` of every column. */
  readonly columns: readonly number[];
  /** From back to front. */
  readonly groups: readonly Group[];
  /** What is in front of the lanes. */
  readonly gutter: readonly Group[];
  /** The area behind it. */
  readonly cover: { readonly top: number; readonly width: number; readonly height: number };
}

/** Where a text is, in pixels. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function shapesOf(groups: readonly Group[]): Shape[] {
  return groups.flatMap((group) => group.shapes);
}

function isInGutter({ shapes }: Group): boolean {
  return shapes.every(
    (shape) => (shape.shape === 'line' || shape.shape === 'bar' ? shape.from : shape.at).column === page,
  );
}

function rule(from: Place, to: Place, y: number): Group {
  return { shapes: [{ shape: 'line', from, to, y, tone: 'rule' }], role: 'rules' };
}

/** The lanes below each other, a line between those of different kinds. */
function stack(reading: Reading, top: number): Lane {
  const groups: Group[] = [];
  let bottom = top;
  for (const lanes of [programLane, domainLane, spanLanes, chainLanes]) {
    const lane = lanes(reading, bottom + groupGap / 2);
    if (lane.groups.length === 0) continue;
    const edge = place(leftEdge);
    groups.push(rule(place(page, margin), edge, bottom));
    groups.push(rule(edge, place(rightEdge(reading.steps.length)), bottom), ...lane.groups);
    bottom = lane.bottom + groupGap / 2;
  }
  return { groups, bottom };
}

/** Computes the drawing of a timeline. */
export function layoutTimeline(timeline: TimelineData): Layout {
  const reading = readTimeline(timeline);
  const head = heading(reading, margin);
  const isEmpty = reading.steps.length === 0 && reading.spans.length === 0;
  const ticks = tickHeader(reading, head.bottom);
  const lanes = stack(reading, ticks.bottom);
  const nothing: Lane = {
    groups: [{ shapes: [gutterText(head.bottom + 14, 'Nothing was recorded.', 'muted')] }],
    bottom: head.bottom + 24,
  };
  const bands = tickBands(reading, head.bottom, lanes.bottom);
  const body = isEmpty
    ? nothing
    : { groups: [bands, ...ticks.groups, ...lanes.groups], bottom: lanes.bottom };
  const gutter = isEmpty ? [] : lanes.groups.filter(isInGutter);
  const gutterWidth = Math.max(0, ...textExtents(shapesOf(gutter)).map(({ right }) => right)) + 14;
  const inLanes = shapesOf(body.groups.filter((group) => !gutter.includes(group)));
  const extents: Extent[] = [...textExtents(inLanes), ...domainExtents(shapesOf(lanes.groups))];
  const columns = placeColumns(reading.steps, gutterWidth, extents);

  const before = [...head.groups, ...body.groups.filter((group) => !gutter.includes(group))];
  const rights = textExtents(shapesOf(before)).map(({ column, right }) => (columns[column] ?? 0) + right);
  const right = Math.max(leastWidth, columns[rightEdge(reading.steps.length)] ?? 0, ...rights);
  const width = right + margin;
  const legendTop = body.bottom + 8;
  const explained = legend(reading, legendTop, Math.min(width, Math.max(leastWidth, 1100)));
  return {
    reading,
    width,
    height: explained.bottom + margin - 4,
    columns,
    groups: [...before, ...explained.groups],
    gutter,
    cover: { top: head.bottom, width: gutterWidth - 4, height: body.bottom - head.bottom },
  };
}

/** Where the texts of a drawing are. */
export function textBoxes({ columns, groups, gutter }: Layout): readonly TextBox[] {
  const shapes = shapesOf([...groups, ...gutter]);
  const found = shapes.filter((shape): shape is TextShape => shape.shape === 'text');
  return found.map((shape) => {
    const { column, left, right } = textExtent(shape);
    const x = columns[column] ?? 0;
    const top = shape.y - shape.face.size * 0.8;
    const bottom = shape.y + shape.face.size * 0.2;
    return {
      text: shape.parts.map((part) => part.text).join(''),
      left: x + left,
      right: x + right,
      top,
      bottom,
    };
  });
}
