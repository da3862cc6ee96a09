import type { TimelineSpan, TimelineStep } from '../../../src/testing/timeline.js';

/** A step without its place, which follows from the tick that it is written in. */
export type SampleStep = Omit<TimelineStep, 'tick' | 'step' | 'at'>;

/** Steps with their places, from the steps of each tick. */
export function inTicks(ticks: readonly (readonly SampleStep[])[]): TimelineStep[] {
  return ticks.flatMap((steps, tick) =>
    steps.map((about, step) => ({ tick, step, at: `t${tick}.${step}`, ...about })),
  );
}

/** A span that is recorded and has no status; its label is its name. */
export function sampleSpan(
  id: string,
  name: string,
  about: Partial<Omit<TimelineSpan, 'id' | 'name'>> = {},
): TimelineSpan {
  const { startedAt, endedAt } = about;
  return {
    id,
    name,
    label: name,
    ends: endedAt === undefined ? [] : [endedAt],
    status: 'unset',
    exceptions: [],
    recorded: true,
    ...about,
    ...(startedAt !== undefined && { startedAt }),
  };
}
