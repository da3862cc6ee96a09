import { isLeftOpen, type TimelineSpan } from '../timeline.js';
import { activeStretches, type Stretch } from './activity.js';
import { type Lane, sign, stepGroup } from './lane.js';
import type { Reading } from './reading.js';
import {
  faces,
  type Group,
  leftEdge,
  type Part,
  place,
  rightEdge,
  type Shape,
  stepColumn,
} from './shapes.js';
import type { SpanNode } from './span-tree.js';
import { gutterText, margin, name, note, text, texts } from './text.js';

const barHeight = 10;
const lineHeight = 24;
/** In a longer drawing the names in front of the lanes are out of sight: they are repeated at the starts. */
const long = 60;

/** A span, and the steps that are about it. */
interface Row {
  readonly reading: Reading;
  readonly node: SpanNode;
  readonly y: number;
  readonly parentY: number | undefined;
  readonly indent: number;
}

function indexOf({ steps }: Reading, at: string | undefined): number | undefined {
  const index = at === undefined ? -1 : steps.findIndex((step) => step.at === at);
  return index < 0 ? undefined : index;
}

function inWords(span: TimelineSpan, parent: TimelineSpan | undefined): string {
  const started = span.startedAt === undefined ? 'started outside' : `started at ${span.startedAt}`;
  const open = isLeftOpen(span) ? 'never ended' : 'not ended';
  const ended = span.ends.length === 0 ? open : `ended at ${span.ends.join(', ')}`;
  const child = parent === undefined ? '' : `, child of ${parent.label}`;
  const status = span.status === 'unset' ? '' : `, status ${span.status}`;
  const sampled = span.recorded ? '' : ', not recorded';
  return `Span ${span.label}${child}: ${started}, ${ended}${status}${sampled}`;
}

function failure({ status, message, exceptions }: TimelineSpan): string | undefined {
  if (status === 'error') return note(`error: ${message ?? (exceptions.join(', ') || 'no message')}`);
  return exceptions.length > 0 ? note(`exception: ${exceptions.join(', ')}`) : undefined;
}

/** What is said below the name of a span. */
function remarks({ startedAt, recorded }: TimelineSpan): string {
  return [startedAt === undefined ? 'started outside' : '', recorded ? '' : 'not recorded']
    .filter(Boolean)
    .join(', ');
}

function gutter({ reading, node, y, parentY, indent }: Row): Group {
  const { span, parent, depth, tone } = node;
  const shapes: Shape[] = [gutterText(y + 4, name(span.label), tone, depth * indent, faces.name)];
  const parentSpan = parent === undefined ? undefined : reading.spans[parent]?.span;
  const remark = remarks(span);
  if (remark !== '') shapes.push(gutterText(y + 15, remark, 'muted', depth * indent, faces.small));
  if (parentY !== undefined) {
    const x = margin + (depth - 1) * indent + 4;
    const below = parentSpan !== undefined && remarks(parentSpan) !== '' ? 18 : 7;
    shapes.push({
      shape: 'line',
      from: place(0, x),
      to: place(0, x),
      y: parentY + below,
      toY: y,
      tone: 'rule',
    });
    shapes.push({ shape: 'line', from: place(0, x), to: place(0, x + indent - 7), y, tone: 'rule' });
  }
  return { shapes, span: span.id, title: inWords(span, parentSpan) };
}

function line({ reading, node: { span, tone }, y, parentY }: Row): Group {
  const start = indexOf(reading, span.startedAt);
  const end = indexOf(reading, span.endedAt);
  const edge = place(rightEdge(reading.steps.length));
  const from = start === undefined ? place(leftEdge) : place(stepColumn(start), 5);
  const shapes: Shape[] = [];
  if (start !== undefined && parentY !== undefined) {
    const at = place(stepColumn(start));
    shapes.push({ shape: 'line', from: at, to: at, y: parentY, toY: y - 5, tone: `birth ${tone}` });
  }
  const to = end === undefined ? edge : place(stepColumn(end));
  shapes.push({ shape: 'line', from, to, y, tone: `${span.recorded ? 'life' : 'life unrecorded'} ${tone}` });
  if (end === undefined) {
    const failed = failure(span);
    const parts: Part[] = [{ text: 'open', tone: isLeftOpen(span) ? 'bad strong' : 'muted' }];
    if (failed !== undefined) parts.push({ text: failed, tone: 'bad' });
    shapes.push(texts(place(edge.column, 6), y + 4, faces.label, parts));
  }
  return { shapes, span: span.id, role: 'life', title: inWords(span, undefined) };
}

function bars({ reading, node: { span, tone }, y }: Row, found: readonly Stretch[]): readonly Group[] {
  const end = indexOf(reading, span.endedAt) ?? Number.POSITIVE_INFINITY;
  return found.map(({ first, last, from, to }) => {
    const shapes: Shape[] = [];
    const split = place(stepColumn(end));
    if (first < end) {
      shapes.push({
        shape: 'bar',
        from,
        to: last > end ? split : to,
        y,
        height: barHeight,
        tone: `solid ${tone}`,
      });
    }
    if (last > end || first === end) {
      shapes.push({
        shape: 'bar',
        from: first < end ? split : from,
        to,
        y,
        height: barHeight,
        tone: `over ${tone}`,
      });
    }
    const title = `${span.label} is active from ${reading.steps[first]?.at} to ${reading.steps[last]?.at}`;
    return { shapes, span: span.id, title };
  });
}

/** What is drawn of the steps of a span, and what is written below its line. */
function steps({ reading, node: { span, tone }, y }: Row): readonly Group[] {
  const below = y + 17;
  let ends = 0;
  return reading.steps.flatMap((step, index) => {
    if (step.span !== span.label) return [];
    const at = place(stepColumn(index));
    if (step.kind === 'span activate' || step.kind === 'span deactivate') {
      return [stepGroup(reading, step, [sign('cap', index, y, tone)])];
    }
    const shapes: Shape[] = [];
    if (step.kind === 'span start') {
      shapes.push(sign('start', index, y, tone));
      if (reading.steps.length > long) {
        shapes.push(text(place(at.column, -5), below, faces.small, name(span.label), tone));
      }
    } else if (step.kind === 'span end') {
      ends += 1;
      const again = ends > 1;
      const failed = failure(span);
      const ended = span.status === 'error' ? 'failed' : 'end';
      shapes.push(sign(again ? 'again' : ended, index, y, again ? 'bad' : tone));
      if (again) shapes.push(text(place(at.column, -5), below, faces.small, 'ended again', 'bad'));
      else if (failed !== undefined) {
        const bad = span.status === 'error' ? 'bad' : 'muted';
        shapes.push(text(place(at.column, -5), below, faces.small, failed, bad));
      }
    }
    return shapes.length === 0 ? [] : [stepGroup(reading, step, shapes)];
  });
}

/** The lanes of the spans: the line from start to end, thick where the span is active. */
export function spanLanes(reading: Reading, top: number): Lane {
  const deepest = reading.spans.reduce((most, { depth }) => Math.max(most, depth), 0);
  const indent = Math.min(16, 128 / Math.max(deepest, 1));
  const active = activeStretches(reading.steps);
  const groups: Group[] = [];
  const ys: number[] = [];
  let bottom = top;
  for (const node of reading.spans) {
    const y = bottom + lineHeight / 2;
    ys.push(y);
    const parentY = node.parent === undefined ? undefined : ys[node.parent];
    const row: Row = { reading, node, y, parentY, indent };
    const drawn = steps(row);
    groups.push(gutter(row), line(row), ...bars(row, active.get(node.span.label) ?? []), ...drawn);
    const hasText =
      remarks(node.span) !== '' || drawn.some(({ shapes }) => shapes.some((s) => s.shape === 'text'));
    bottom += hasText ? lineHeight + 10 : lineHeight;
  }
  return { groups, bottom };
}
