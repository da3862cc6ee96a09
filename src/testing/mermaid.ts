import { describeStep } from './describe-step.js';
import { oneLine, shorten } from './drawing/escape.js';
import { hasLost } from './drawing/findings.js';
import { type Reading, readTimeline } from './drawing/reading.js';
import { isLeftOpen, type TimelineData, type TimelineStep } from './timeline.js';

/** Mermaid refuses a diagram of more than 50,000 characters, unless it is configured to draw it. */
const most = 46_000;
/** What an open span needs at the end. */
const endingLength = 60;
const nameLength = 30;
const sentenceLength = 90;

/** Words that mean something to Mermaid wherever they are. */
const reserved = /\b(?:style|classDef|wrap|nowrap|title|accTitle|accDescr)\b/gi;

/** Text for Mermaid: what may mean something to it is written as `#` and the code of the character. */
export function escapeMermaid(text: string): string {
  const reference = (character: string) => `#${character.codePointAt(0)};`;
  return oneLine(text)
    .replace(/[^\p{L}\p{M}\p{N}\p{Extended_Pictographic} .,:/'!?=+…()_-]|-(?=[->])/gu, reference)
    .replace(reserved, (word) => reference(word) + word.slice(1));
}

/** The participants of a diagram, and the program whose steps it draws. */
interface Diagram {
  readonly reading: Reading;
  /** The participant of a span, by its label. */
  readonly spans: ReadonlyMap<string, string>;
  /** The participant of the chain of a call, by its number. */
  readonly chains: ReadonlyMap<number, string>;
  /** The participants whose activation is drawn. */
  readonly open: Set<string>;
}

const program = 'run';

function length(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + '\n  '.length, 0);
}

function short(text: string): string {
  return shorten(text, nameLength);
}

function sentence(step: TimelineStep, more = ''): string {
  const { label, span, note } = step;
  const shortened = {
    ...step,
    ...(label !== undefined && { label: short(label) }),
    ...(span !== undefined && { span: short(span) }),
    ...(note !== undefined && { note: short(note) }),
  };
  return escapeMermaid(`${step.at} ${shorten(describeStep(shortened) + more, sentenceLength)}`);
}

/** The chain whose callback runs at the step with this index, or the program. */
function actor({ reading, chains }: Diagram, index: number): string {
  const inside = reading.calls.filter(({ runs }) =>
    runs.some(({ enter, last }) => enter < index && index <= last),
  );
  const innermost = inside.at(-1);
  return (innermost && chains.get(innermost.number)) ?? program;
}

function drawSpanStep(diagram: Diagram, step: TimelineStep, index: number, span: string): string[] {
  const { open } = diagram;
  const from = actor(diagram, index);
  switch (step.kind) {
    case 'span start':
      if (open.has(span)) return [`${from}->>${span}: ${sentence(step)}`];
      open.add(span);
      return [`${from}->>${span}: ${sentence(step)}`, `activate ${span}`];
    case 'span end':
      if (!open.delete(span)) return [`${from}-x${span}: ${sentence(step)}`];
      return [`${from}->>${span}: ${sentence(step)}`, `deactivate ${span}`];
    default:
      return [`Note over ${span}: ${sentence(step)}`];
  }
}

function drawRun(diagram: Diagram, step: TimelineStep, chain: string): string[] {
  const { active } = step;
  const call = diagram.reading.calls.find(({ number }) => number === step.call);
  const lost = call !== undefined && hasLost(call) ? `, lost ${short(call.expected ?? '')}` : '';
  const state = active === undefined ? ', no active span' : `, ${short(active)} active`;
  const span = active === undefined ? undefined : diagram.spans.get(active);
  const text = sentence(step, lost + state);
  return [span === undefined ? `Note over ${chain}: ${text}` : `${span}-->>${chain}: ${text}`];
}

function drawStep(diagram: Diagram, step: TimelineStep, index: number): string[] {
  const span = step.span === undefined ? undefined : diagram.spans.get(step.span);
  const call = diagram.reading.calls.find(
    ({ number, made, runs }) =>
      number === step.call ||
      made === index ||
      runs.some(({ enter, leave }) => enter === index || leave === index),
  );
  const chain = (call && diagram.chains.get(call.number)) ?? program;
  switch (step.kind) {
    case 'then captured':
    case 'then not captured':
    case 'await captured':
      return [`${actor(diagram, index)}->>${chain}: ${sentence(step)}`];
    case 'callback enter':
    case 'await enter':
      return drawRun(diagram, step, chain);
    case 'callback leave':
    case 'await leave':
      return [`Note over ${chain}: ${sentence(step)}`];
    default:
      if (span === undefined) return [`Note over ${program}: ${sentence(step)}`];
      return drawSpanStep(diagram, step, index, span);
  }
}

function ending({ reading, spans, open }: Diagram, left: number): string[] {
  const lines = left === 0 ? [] : [`Note over ${program}: ${left} more steps are not drawn`];
  for (const { span } of reading.spans) {
    const participant = spans.get(span.label);
    if (participant === undefined || !open.has(participant)) continue;
    if (isLeftOpen(span)) {
      lines.push(`Note over ${participant}: never ended`);
    }
    lines.push(`deactivate ${participant}`);
  }
  const outcome = shorten(reading.timeline.outcome, sentenceLength);
  return [...lines, `Note over ${program}: ${escapeMermaid(outcome) || 'done'}`];
}

/** A timeline as a Mermaid sequence diagram: the program, each span and each promise chain take part. */
export function drawMermaid(timeline: TimelineData): string {
  const reading = readTimeline(timeline);
  const spans = new Map(reading.spans.map(({ span }, index) => [span.label, `s${index + 1}`]));
  const chains = new Map(
    reading.chains.flatMap(({ calls }, index) => calls.map(({ number }) => [number, `c${index + 1}`])),
  );
  const diagram: Diagram = { reading, spans, chains, open: new Set() };
  const title = escapeMermaid(shorten(timeline.title ?? '', sentenceLength));
  const head = [
    'sequenceDiagram',
    ...(title === '' ? [] : [`title ${title}`]),
    `participant ${program} as program`,
    ...reading.spans.map(
      ({ span }, index) =>
        `participant s${index + 1} as span ${escapeMermaid(shorten(span.label, nameLength))}`,
    ),
    ...reading.chains.map((_, index) => `participant c${index + 1} as chain ${index + 1}`),
  ];
  for (const { span } of reading.spans) {
    const participant = spans.get(span.label);
    if (span.startedAt !== undefined || participant === undefined) continue;
    diagram.open.add(participant);
    head.push(`activate ${participant}`);
  }

  const lines: string[] = [];
  let drawn = 0;
  let left = most - length(head) - reading.spans.length * endingLength;
  for (const [index, step] of reading.steps.entries()) {
    const next = drawStep(diagram, step, index);
    left -= length(next);
    if (left < 0) break;
    lines.push(...next);
    drawn += 1;
  }
  const body = [...head.slice(1), ...lines, ...ending(diagram, reading.steps.length - drawn)];
  return [head[0], ...body.map((line) => `  ${line}`), ''].join('\n');
}
