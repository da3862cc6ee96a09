import type { TimelineStep } from '../timeline.js';
import { type Place, place, stepColumn } from './shapes.js';

/** How far something goes on after the last step of a tick, in pixels. */
const tail = 10;
/** How far it reaches to both sides of its only step. */
const around = 6;

/** A stretch of steps in which one span is active, or none. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly from: Place;
  readonly to: Place;
  readonly span?: string;
}

/** What is active from the step `first` until the step `last`. */
export function stretches(steps: readonly TimelineStep[], first: number, last: number): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let index = first; index < Math.max(last, first + 1); index++) {
    const span = steps[index]?.active;
    const before = found.at(-1);
    const isOneStep = first === last;
    const to = isOneStep ? place(stepColumn(index), around) : place(stepColumn(index + 1));
    const end = isOneStep ? index : index + 1;
    if (before !== undefined && before.span === span) found[found.length - 1] = { ...before, last: end, to };
    else {
      const from = place(stepColumn(index), isOneStep ? -around : 0);
      found.push({ first: index, last: end, from, to, ...(span !== undefined && { span }) });
    }
  }
  return found;
}

/** Where each span is active, by its label. What is active at the end of a tick is so until its end. */
export function activeStretches(steps: readonly TimelineStep[]): ReadonlyMap<string, readonly Stretch[]> {
  const found = new Map<string, Stretch[]>();
  steps.forEach(({ active: span, tick }, index) => {
    if (span === undefined) return;
    const goesOn = steps[index + 1]?.tick === tick;
    const isAlone = !goesOn && steps[index - 1]?.tick !== tick;
    const to = goesOn ? place(stepColumn(index + 1)) : place(stepColumn(index), isAlone ? around : tail);
    const last = goesOn ? index + 1 : index;
    const list = found.get(span) ?? [];
    found.set(span, list);
    const before = list.at(-1);
    if (before !== undefined && before.last === index && before.to.shift === 0) {
      list[list.length - 1] = { ...before, last, to };
    } else list.push({ first: index, last, from: place(stepColumn(index), isAlone ? -around : 0), to, span });
  });
  return found;
}
