import { describeStep } from '../describe-step.js';
import { shorten } from './escape.js';
import { findings } from './findings.js';
import type { Lane } from './lane.js';
import type { Reading } from './reading.js';
import { faces, type Group, type Place, page, place, rightEdge, type Shape, stepColumn } from './shapes.js';
import { lengths, margin, text } from './text.js';

const lineHeight = 17;
const mostFindings = 8;
/** Where a tick begins, to the left of its first step. */
const before = 18;

/** The steps of one tick, by their indices. */
interface Tick {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

function ticks({ steps }: Reading): readonly Tick[] {
  const found: Tick[] = [];
  steps.forEach(({ tick }, index) => {
    const name = `t${tick}`;
    const current = found.at(-1);
    if (current !== undefined && current.name === name) found[found.length - 1] = { ...current, last: index };
    else found.push({ name, first: index, last: index });
  });
  return found;
}

/** The title, how the program ended, and what a reader should look at first. */
export function heading(reading: Reading, top: number): Lane {
  const { title, outcome } = reading.timeline;
  const groups: Group[] = [];
  let y = top;
  if (title !== undefined && title.trim() !== '') {
    y += 14;
    const shape = text(place(page, margin), y, faces.title, shorten(title, 80));
    groups.push({ shapes: [shape], title });
    y += 5;
  }
  y += 14;
  const ended = shorten(outcome, lengths.sentence);
  const bad = outcome.startsWith('rejected');
  groups.push({
    shapes: [text(place(page, margin), y, faces.body, ended, bad ? 'bad' : 'muted')],
    title: `How the program ended: ${outcome}`,
  });

  const found = findings(reading);
  found.slice(0, mostFindings).forEach(({ text: sentence, call, span }) => {
    y += lineHeight;
    groups.push({
      shapes: [
        { shape: 'symbol', symbol: 'finding', at: place(page, margin + 6), y: y - 4, tone: 'bad' },
        text(place(page, margin + 18), y, faces.body, shorten(sentence, lengths.sentence), 'bad'),
      ],
      title: sentence,
      ...(call !== undefined && { call }),
      ...(span !== undefined && { span }),
    });
  });
  if (found.length > mostFindings) {
    y += lineHeight;
    const more = `and ${found.length - mostFindings} more`;
    groups.push({ shapes: [text(place(page, margin + 18), y, faces.body, more, 'bad')] });
  }
  return { groups, bottom: y + 10 };
}

function end(found: readonly Tick[], index: number, steps: number): Place {
  const next = found[index + 1];
  return next === undefined ? place(rightEdge(steps)) : place(stepColumn(next.first), -before);
}

/** The ticks and the steps in them, above the lanes. */
export function tickHeader(reading: Reading, top: number): Lane {
  const groups: Group[] = [];
  const found = ticks(reading);
  found.forEach((tick, index) => {
    const from = place(stepColumn(tick.first), -before);
    const to = end(found, index, reading.steps.length);
    groups.push({
      shapes: [
        text(place(from.column, -12), top + 12, faces.tick, tick.name),
        {
          shape: 'line',
          from: { ...from, shift: -12 },
          to: { ...to, shift: to.shift - 6 },
          y: top + 17,
          tone: 'tick',
        },
      ],
      title: `Tick ${tick.name.slice(1)}: one turn of the queue of jobs`,
    });
  });
  reading.steps.forEach((step, index) => {
    const { span, call } = step;
    const id = reading.spanId(span);
    const number = {
      ...text(place(stepColumn(index)), top + 29, faces.count, `.${step.step}`, 'muted'),
      middle: true,
    };
    groups.push({
      shapes: [number],
      step: step.at,
      title: `${step.at} ${describeStep(step)}`,
      ...(call !== undefined && { call }),
      ...(id !== undefined && { span: id }),
    });
  });
  return { groups, bottom: top + 37 };
}

/** Behind the lanes, every other tick a little darker. */
export function tickBands(reading: Reading, top: number, bottom: number): Group {
  const found = ticks(reading);
  const shapes = found.flatMap((tick, index): Shape[] => {
    if (index % 2 === 1) return [];
    const from = place(stepColumn(tick.first), -before);
    const to = end(found, index, reading.steps.length);
    return [{ shape: 'bar', from, to, y: (top + bottom) / 2, height: bottom - top, radius: 0, tone: 'band' }];
  });
  return { shapes, role: 'bands' };
}
