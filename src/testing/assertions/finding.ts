import { oneLine, stepLines } from '../text.js';
import type { Timeline, TimelineData, TimelineStep } from '../timeline.js';
import { atMost } from './names.js';

/** Whether something holds of a timeline, and what to tell about it. */
export interface Finding {
  readonly holds: boolean;
  /** Whether it is about something that is not there, so that the contrary does not hold either. */
  readonly isVoid?: boolean;
  /** What should hold, as a sentence: `span a ends at t2.0`. */
  readonly expected: string;
  /** What there is instead, or what makes it hold. */
  readonly happened: readonly string[];
  /** Where to look: the steps that an arrow points at. */
  readonly points: readonly (string | undefined)[];
  /** Where two texts are compared, for test runners that show the difference. */
  readonly texts?: { readonly actual: string; readonly expected: string };
}

/** What an assertion fails with. */
export class TimelineAssertionError extends Error {
  override readonly name = 'TimelineAssertionError';
  /** Stable. */
  readonly code = 'TIMELINE_ASSERTION';
  /** Where two texts were compared, for test runners that show the difference. */
  declare readonly actual?: string;
  declare readonly expected?: string;

  constructor(message: string, texts: Finding['texts']) {
    super(message);
    Object.assign(this, texts);
  }
}

/**
 * @param assertion the function that was called: the stack trace begins where that was
 * @throws TimelineAssertionError unless it holds
 */
export function assertFinding(assertion: object, timeline: TimelineData, finding: Finding): void {
  if (finding.holds) return;
  const error = new TimelineAssertionError(messageOf(timeline, finding), finding.texts);
  const { result } = timeline as Partial<Timeline<unknown>>; // cast: it is one, by the checks of its arguments
  if (result?.status === 'rejected') error.cause = result.reason;
  // Reason for the cast: V8 has it, and others too by now.
  (Error as { captureStackTrace?: (error: Error, from: object) => void }).captureStackTrace?.(
    error,
    assertion,
  );
  throw error;
}

/**
 * What was expected, what happened, and the steps around the points with an arrow at each.
 *
 * @param isNegated whether the contrary was expected
 */
export function messageOf(timeline: TimelineData, finding: Finding, isNegated = false): string {
  const { expected, happened, points } = finding;
  return [
    `${isNegated ? 'not expected' : 'expected'}: ${oneLine(expected)}`,
    ...atMost(10, happened.map(oneLine)).map(
      (line, index) => `${index === 0 ? '  happened: ' : '            '}${line}`,
    ),
    '',
    ...excerpt(timeline, new Set(points), finding.texts ? 1 : 4),
  ].join('\n');
}

/**
 * The steps around those that are pointed at; all of a short timeline, and the end of a long one if there is no point.
 *
 * @param around how many before and after; a timeline is short if it has four times as many
 */
function excerpt(
  { steps, outcome }: TimelineData,
  points: ReadonlySet<string | undefined>,
  around: number,
): string[] {
  if (steps.length === 0) return ['nothing was recorded', `the program: ${outcome}`];
  const isPoint = ({ at }: TimelineStep) => points.has(at);
  const hasPoint = steps.some(isPoint);
  const isShown = steps.map(
    (_step, index) =>
      steps.length <= 4 * around ||
      (hasPoint
        ? steps.slice(Math.max(0, index - around), index + around + 1).some(isPoint)
        : index >= steps.length - 2 * around),
  );
  const lines = stepLines(steps);
  const shown = steps.flatMap((step, index) => {
    if (isShown[index]) return [`${isPoint(step) ? '→' : ' '} ${lines[index]}`];
    return isShown[index - 1] || index === 0 ? ['  …'] : [];
  });
  return [...shown, '', `the program: ${outcome}`];
}
