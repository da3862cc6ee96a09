import { type Stretch, stretches } from './activity.js';
import { type Lane, runBars, stepGroup } from './lane.js';
import type { Reading } from './reading.js';
import { faces, type Group, place, stepColumn } from './shapes.js';
import { gutterText, name, text } from './text.js';

const barHeight = 8;

/** The steps of a tick in a row that are in no recorded callback. */
function ownStretches({ steps, isInRun }: Reading): readonly Stretch[] {
  const found: Stretch[] = [];
  let first = 0;
  steps.forEach((step, index) => {
    if (isInRun(index)) first = index + 1;
    else if (isInRun(index + 1) || steps[index + 1]?.tick !== step.tick) {
      found.push(...stretches(steps, first, index));
      first = index + 1;
    }
  });
  return found;
}

/** The lane of the program itself: its marks, and when code runs that is in no recorded callback. */
export function programLane(reading: Reading, top: number): Lane {
  const marks = reading.steps.flatMap((step, index) => (step.kind === 'mark' ? [{ step, index }] : []));
  const own = ownStretches(reading);
  if (marks.length === 0 && own.length === 0) return { groups: [], bottom: top };
  const baseline = top + 14;
  const y = marks.length > 0 ? top + 26 : top + 14;
  const groups: Group[] = [
    {
      shapes: [gutterText(y + 4, 'program')],
      title: 'The program itself: its marks, and the code that is in no recorded callback',
    },
    { shapes: runBars(reading, own, y, barHeight), role: 'runs' },
    ...marks.map(({ step, index }) =>
      stepGroup(reading, step, [
        { shape: 'symbol', symbol: 'flag', at: place(stepColumn(index)), y, tone: 'ink' },
        text(place(stepColumn(index), 11), baseline, faces.label, name(step.label ?? 'mark')),
      ]),
    ),
  ];
  return { groups, bottom: y + 14 };
}
