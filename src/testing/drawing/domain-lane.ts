import type { TimelineStep } from '../timeline.js';
import type { Extent } from './columns.js';
import { type Lane, stepGroup } from './lane.js';
import type { Reading } from './reading.js';
import {
  faces,
  type Group,
  leftEdge,
  type Place,
  place,
  rightEdge,
  type Shape,
  stepColumn,
} from './shapes.js';
import { gutterText, name, note, text } from './text.js';

const rowHeight = 22;
/** From the middle of a bar to the baseline of the name in it. */
const baseline = 4;

interface Stay {
  readonly label: string;
  readonly enter?: number;
  leave?: number;
  /** How many others are around it. */
  readonly depth: number;
}

/** How many rows they take up. */
function depthOf(stays: readonly Stay[]): number {
  return stays.reduce((rows, { depth }) => Math.max(rows, depth + 1), 0);
}

/** From entering a domain to leaving it. */
function stays(steps: readonly TimelineStep[]): readonly Stay[] {
  const found: Stay[] = [];
  const inside: Stay[] = [];
  steps.forEach(({ kind, label = 'domain' }, index) => {
    if (kind === 'domain enter') {
      const stay = { label, enter: index, depth: depthOf(inside) };
      found.push(stay);
      inside.push(stay);
    } else if (kind === 'domain leave') {
      const at = inside.map((stay) => stay.label).lastIndexOf(label);
      const [stay] = at < 0 ? [] : inside.splice(at, 1);
      // One that was entered before the recording is below all that is drawn so far.
      if (stay === undefined) found.push({ label, leave: index, depth: depthOf(found) });
      else stay.leave = index;
    }
  });
  return found;
}

function drawStay(reading: Reading, { label, enter, leave, depth }: Stay, top: number): readonly Group[] {
  const { steps } = reading;
  const y = top + depth * rowHeight + rowHeight / 2;
  const from: Place = enter === undefined ? place(leftEdge) : place(stepColumn(enter));
  const to: Place = leave === undefined ? place(rightEdge(steps.length)) : place(stepColumn(leave));
  const bar: Shape = { shape: 'bar', from, to, y, height: 16, radius: 4, tone: 'domain' };
  const labelText = text(place(from.column, from.shift + 7), y + baseline, faces.label, name(label));
  const entered = enter === undefined ? undefined : steps[enter];
  const left = leave === undefined ? undefined : steps[leave];
  const leaving: Shape[] = [{ shape: 'symbol', symbol: 'end cap', at: to, y, tone: 'muted' }];
  if (left?.note !== undefined) {
    leaving.push(text(place(to.column, 6), y + baseline, faces.small, note(left.note), 'muted'));
  }
  return [
    entered === undefined
      ? { shapes: [bar, labelText], role: 'runs' }
      : stepGroup(reading, entered, [bar, labelText]),
    ...(left === undefined ? [] : [stepGroup(reading, left, leaving)]),
  ];
}

/** The lane of the domains: from where each is entered to where it is left. */
export function domainLane(reading: Reading, top: number): Lane {
  const found = stays(reading.steps);
  if (found.length === 0) return { groups: [], bottom: top };
  const rows = depthOf(found);
  const gutter: Group = {
    shapes: [gutterText(top + rowHeight / 2 + 4, rows > 1 ? 'domains' : 'domain')],
    title: 'Promise domains, from entering to leaving',
  };
  return {
    groups: [gutter, ...found.flatMap((stay) => drawStay(reading, stay, top))],
    bottom: top + rows * rowHeight + 4,
  };
}

/** Where the bars of domains end: behind their names. */
export function domainExtents(shapes: readonly Shape[]): readonly Extent[] {
  return shapes.flatMap((shape) =>
    shape.shape === 'bar' && shape.tone === 'domain'
      ? [{ column: shape.to.column, y: shape.y + baseline, left: shape.to.shift, right: 0 }]
      : [],
  );
}
