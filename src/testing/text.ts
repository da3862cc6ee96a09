import { describeStep } from './describe-step.js';
import { isLeftOpen, type TimelineData, type TimelineSpan, type TimelineStep } from './timeline.js';

/** The timeline as text: the steps with the span that is active after each, the tree of spans, and how the program ended. */
export function drawText(timeline: TimelineData): string {
  const { title, steps, spans, outcome } = timeline;
  return [
    ...(title === undefined ? [] : [oneLine(title), '']),
    ...(steps.length > 0
      ? table([['at', 'what happens', 'active span'], ...stepRows(steps)])
      : ['nothing was recorded']),
    ...(spans.length > 0 ? ['', 'spans', ...table(spanRows(spans), '  ')] : []),
    '',
    `the program: ${oneLine(outcome)}`,
  ].join('\n');
}

/** The rows of some steps as aligned lines, without a header. */
export function stepLines(steps: readonly TimelineStep[]): string[] {
  return table(stepRows(steps));
}

function stepRows(steps: readonly TimelineStep[]): string[][] {
  const ended = new Set<string | undefined>();
  return steps.map((step) => {
    if (step.kind === 'span end') ended.add(step.span);
    const active = step.active === undefined ? '-' : oneLine(step.active);
    return [step.at, oneLine(describeStep(step)), ended.has(step.active) ? `${active}, ended` : active];
  });
}

/** How far children are indented at most; there are programs that start each span in the one before. */
const DEEPEST = 20;

function spanRows(spans: readonly TimelineSpan[]): string[][] {
  const children = new Map<string | undefined, TimelineSpan[]>();
  for (const span of [...spans].reverse()) push(children, span.parent, span);
  const rows: string[][] = [];
  const left = (children.get(undefined) ?? []).map((span) => ({ span, depth: 0 }));
  for (let next = left.pop(); next; next = left.pop()) {
    const { span, depth } = next;
    const indent = '  '.repeat(Math.min(depth, DEEPEST)) + (depth > DEEPEST ? `(depth ${depth}) ` : '');
    rows.push([indent + oneLine(span.label), lifeOf(span), stateOf(span)]);
    left.push(...(children.get(span.id) ?? []).map((child) => ({ span: child, depth: depth + 1 })));
  }
  return rows;
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function lifeOf(span: TimelineSpan): string {
  const { startedAt, endedAt, ends } = span;
  const again = ends.slice(1).map((at) => `, again at ${at}`);
  if (startedAt === undefined) return endedAt ? `started outside, ended at ${endedAt}` : 'started outside';
  if (endedAt) return `${startedAt} to ${endedAt}${again.join('')}`;
  return isLeftOpen(span) ? `${startedAt}, never ended` : startedAt;
}

function stateOf({ status, message, exceptions, recorded }: TimelineSpan): string {
  const parts = [
    ...(recorded ? [] : ['not sampled']),
    ...(status === 'unset' ? [] : [message ? `${status}: ${oneLine(message)}` : status]),
    ...(exceptions.length > 0 ? [`recorded ${exceptions.map(oneLine).join(', ')}`] : []),
  ];
  return parts.join(', ');
}

/** Columns of equal width, two spaces between them; nothing at the end of a line. */
function table(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, [...cell].length)),
    [],
  );
  const pad = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length);
  return rows.map((row) => (indent + row.map(pad).join('  ')).trimEnd());
}

/** A name may hold line ends and the like, a line must not. */
export function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => JSON.stringify(character).slice(1, -1) || ' ',
  );
}
