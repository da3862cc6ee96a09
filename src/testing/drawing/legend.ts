import type { Lane } from './lane.js';
import type { Reading } from './reading.js';
import { faces, type Group, page, place, type Shape, type SymbolName, type TextShape } from './shapes.js';
import { margin, text } from './text.js';
import { textWidth } from './text-width.js';

const lineHeight = 20;

interface Entry {
  readonly words: string;
  /** The width of what is in front of the words. */
  readonly width: number;
  readonly draw: (x: number, y: number) => readonly Shape[];
}

function sign(symbol: SymbolName, words: string, tone = 'muted'): Entry {
  return {
    words,
    width: 12,
    draw: (x, y) => [{ shape: 'symbol', symbol, at: place(page, x + 6), y, tone }],
  };
}

function sample(words: string, tone: string, height: number): Entry {
  return {
    words,
    width: 24,
    draw: (x, y) => [{ shape: 'bar', from: place(page, x), to: place(page, x + 24), y, height, tone }],
  };
}

function stroke(words: string, tone: string): Entry {
  return {
    words,
    width: 24,
    draw: (x, y) => [{ shape: 'line', from: place(page, x), to: place(page, x + 24), y, tone }],
  };
}

function hasActiveAfterEnd({ steps, spans }: Reading): boolean {
  const ended = new Set<string | undefined>();
  const ends = new Map(spans.map(({ span }) => [span.endedAt, span.label]));
  return steps.some(({ at, active, tick }, index) => {
    if (ends.has(at)) ended.add(ends.get(at));
    return active !== undefined && ended.has(active) && steps[index + 1]?.tick === tick;
  });
}

/** What occurs in the drawing, in the order of the lanes. */
function entries(reading: Reading): readonly Entry[] {
  const { steps, spans, calls } = reading;
  const found: Entry[] = [];
  const add = (occurs: boolean, entry: Entry) => occurs && found.push(entry);
  add(
    steps.some((step) => step.active !== undefined),
    sample('a span is active, by its colour', 'solid muted', 10),
  );
  add(
    steps.some((step) => step.active === undefined && !step.kind.endsWith('leave')),
    sample('code runs with no active span', 'empty', 10),
  );
  add(
    spans.some(({ span }) => span.startedAt !== undefined),
    sign('start', 'span starts'),
  );
  add(
    spans.some(({ span }) => span.recorded),
    stroke('span open', 'life muted'),
  );
  add(
    spans.some(({ span }) => !span.recorded),
    stroke('span open, not recorded', 'life unrecorded muted'),
  );
  add(
    spans.some(({ span }) => span.endedAt !== undefined && span.status !== 'error'),
    sign('end', 'span ends'),
  );
  add(
    spans.some(({ span }) => span.endedAt !== undefined && span.status === 'error'),
    sign('failed', 'span ends with an error'),
  );
  add(hasActiveAfterEnd(reading), sample('active after its end', 'over muted', 10));
  add(
    spans.some(({ span }) => span.ends.length > 1),
    sign('again', 'ended again', 'bad'),
  );
  const made = calls.filter((call) => call.made !== undefined);
  const kinds = [
    made.some((call) => call.kind === 'then') ? 'then()' : '',
    made.some((call) => call.kind === 'await') ? 'await' : '',
  ];
  const what = kinds.filter(Boolean).join(' or ');
  add(
    made.some((call) => call.captured),
    sign('ring', `${what} captures the span of that colour`),
  );
  add(
    made.some((call) => !call.captured),
    sign('empty ring', 'then() captures nothing'),
  );
  add(
    calls.some((call) => call.runs.some((run) => run.thrown !== undefined)),
    sign('thrown', 'throws', 'bad'),
  );
  add(steps.length > 0, { words: 't0, t1, …: turns of the queue of jobs', width: 0, draw: () => [] });
  return found;
}

/** The signs that occur, explained, in lines of at most `width` pixels. */
export function legend(reading: Reading, top: number, width: number): Lane {
  const groups: Group[] = [];
  let x = margin;
  let y = top + 14;
  for (const { words, width: symbol, draw } of entries(reading)) {
    const gap = symbol === 0 ? 0 : 7;
    const needed = symbol + gap + textWidth(words, faces.small);
    if (x > margin && x + needed > width - margin) {
      x = margin;
      y += lineHeight;
    }
    const label: TextShape = text(place(page, x + symbol + gap), y + 4, faces.small, words, 'muted');
    groups.push({ shapes: [...draw(x, y), label] });
    x += needed + 20;
  }
  return { groups, bottom: groups.length === 0 ? top : y + 10 };
}
