import { stretches } from './activity.js';
import { type Call, callName, type Run } from './calls.js';
import type { Chain } from './chains.js';
import { hasLost } from './findings.js';
import { type Lane, runBars, sign, stepGroup } from './lane.js';
import type { Reading } from './reading.js';
import { faces, type Group, type Part, place, type Shape, stepColumn } from './shapes.js';
import { gutterText, name, note, text, texts } from './text.js';

const rowHeight = 46;
const barHeight = 12;

/** A call in its row. */
interface Row {
  readonly reading: Reading;
  readonly call: Call;
  /** The middle of the ring and the bars. */
  readonly y: number;
}

function ring({ reading, call, y }: Row): readonly Group[] {
  const { made, captured, expected, number, kind, runs } = call;
  const step = made === undefined ? undefined : reading.steps[made];
  if (made === undefined || step === undefined) return [];
  const column = stepColumn(made);
  const tone = captured ? reading.tone(expected) : 'none';
  const missed = !captured && expected !== undefined && hasLost(call);
  const named = [callName(number), kind === 'await' ? 'await' : call.method].filter(Boolean).join(' ');
  const above: Part[] = [
    { text: named, tone: 'ink strong' },
    { text: captured ? 'captures' : 'captures nothing', tone: missed ? 'bad' : 'muted' },
  ];
  const below: Part[] = [];
  if (captured) below.push({ text: name(expected ?? 'the domain'), tone: `${tone} strong` });
  if (call.note !== undefined) below.push({ text: note(call.note), tone: missed ? 'bad' : 'muted' });
  const idle = kind === 'await' ? 'did not go on' : `${name(call.label ?? 'callback')} did not run`;
  if (runs.length === 0) below.push({ text: idle, tone: 'muted' });
  const shapes: Shape[] = [
    { shape: 'symbol', symbol: captured ? 'ring' : 'empty ring', at: place(column), y, tone },
    texts(place(column, -6), y - 10, faces.label, above),
  ];
  if (below.length > 0) shapes.push(texts(place(column, -6), y + 18, faces.small, below));
  return [stepGroup(reading, step, shapes)];
}

function link({ reading, call, y }: Row): readonly Group[] {
  const [run] = call.runs;
  if (call.made === undefined || run === undefined || run.enter <= call.made) return [];
  const from = place(stepColumn(call.made), 6);
  const tone = call.captured ? `link ${reading.tone(call.expected)}` : 'link none unlinked';
  const shape: Shape = { shape: 'line', from, to: place(stepColumn(run.enter)), y, tone };
  return [{ shapes: [shape], role: 'link', ...(call.number > 0 && { call: call.number }) }];
}

/** What is said of a run below its bar. */
function inRun({ reading, call }: Row, run: Run): Part[] {
  const parts: Part[] = [];
  const lost = run === call.runs[0] && hasLost(call);
  if (lost) parts.push({ text: `lost ${name(call.expected ?? '')}:`, tone: 'bad strong' });
  if (run.span === undefined) parts.push({ text: 'no active span', tone: lost ? 'bad' : 'muted' });
  else {
    parts.push({ text: name(run.span), tone: `${reading.tone(run.span)} strong` });
    parts.push({ text: 'active', tone: lost ? 'bad' : 'muted' });
  }
  if (run.thrown !== undefined) parts.push({ text: `· ${note(run.thrown)}`, tone: 'bad' });
  return parts;
}

function bar(row: Row, run: Run): readonly Group[] {
  const { reading, call, y } = row;
  const { enter, leave, last } = run;
  const entered = reading.steps[enter];
  const left = leave === undefined ? undefined : reading.steps[leave];
  const named = [
    callName(call.number),
    call.label ?? (call.kind === 'await' ? 'goes on' : `${call.method} callback`),
  ];
  const shapes: Shape[] = [
    ...runBars(reading, stretches(reading.steps, enter, last), y, barHeight),
    text(place(stepColumn(enter)), y - 10, faces.name, name(named.filter(Boolean).join(' '))),
    texts(place(stepColumn(enter)), y + 18, faces.small, inRun(row, run)),
  ];
  const thrown = leave === undefined || run.thrown === undefined ? [] : [sign('thrown', leave, y, 'bad', 10)];
  const groups: Group[] = [];
  if (entered !== undefined) groups.push(stepGroup(reading, entered, shapes));
  if (left !== undefined && leave !== undefined && leave !== enter) {
    groups.push(stepGroup(reading, left, [sign('end cap', leave, y, reading.tone(run.span)), ...thrown]));
  }
  return groups;
}

function gutter({ branchOf, madeIn }: Chain, index: number, y: number): Group {
  const from = branchOf !== undefined ? `follows ${callName(branchOf)}` : undefined;
  const inside = madeIn !== undefined ? `made in ${callName(madeIn)}` : undefined;
  const origin = [from, inside].filter(Boolean).join(', ');
  const shapes = [gutterText(y + 4, `chain ${index + 1}`)];
  if (origin !== '') shapes.push(gutterText(y + 17, origin, 'muted', 0, faces.small));
  return { shapes, title: `Promise chain ${index + 1}${origin === '' ? '' : `: ${origin}`}` };
}

/** The lanes of the promise chains: a ring for each call, a bar for each run of its callback. */
export function chainLanes(reading: Reading, top: number): Lane {
  const groups: Group[] = [];
  let bottom = top;
  reading.chains.forEach((chain, index) => {
    groups.push(gutter(chain, index, bottom + rowHeight / 2));
    for (const calls of chain.rows) {
      const y = bottom + rowHeight / 2;
      for (const call of calls) {
        const row: Row = { reading, call, y };
        groups.push(...link(row), ...ring(row), ...call.runs.flatMap((run) => bar(row, run)));
      }
      bottom += rowHeight;
    }
  });
  return { groups, bottom };
}
