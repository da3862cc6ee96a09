/** What a step of a timeline is. */
export type TimelineStepKind =
  | 'domain enter'
  | 'domain leave'
  | 'span start'
  | 'span activate'
  | 'span deactivate'
  | 'span end'
  | 'then captured'
  | 'then not captured'
  | 'callback enter'
  | 'callback leave'
  | 'await captured'
  | 'await enter'
  | 'await leave'
  | 'mark';

/** One thing that happened while a program was recorded. */
export interface TimelineStep {
  /** A turn of the job queue in which at least one step happened, counted from 0. */
  readonly tick: number;
  /** The place in the tick, counted from 0. */
  readonly step: number;
  /** Both in one: `t1.0`. */
  readonly at: string;
  readonly kind: TimelineStepKind;
  /** The label of the span that was started, made active or no longer active, ended, captured, or restored. */
  readonly span?: string;
  /** The label of a mark, the name of a domain, or the name of the callback of a `then()`. */
  readonly label?: string;
  /** More about it, in words: why nothing was captured, what a callback has thrown, that a span had ended before. */
  readonly note?: string;
  /** For a `then()` and its callback: by which method it was given. */
  readonly method?: 'then' | 'catch' | 'finally';
  /** The number of the `then()` or `await` that it belongs to, counted from 1 in the order of the calls. */
  readonly call?: number;
  /** For a `then()` and an `await`: the number of the one that the promise comes from, if that was recorded. */
  readonly follows?: number;
  /** The label of the span that is active after the step. */
  readonly active?: string;
  /** Whether it is the first one after a timer or an event, or after many turns of the job queue without a step. */
  readonly later?: true;
}

/** A span that a recorded program started, or that was there before and shows in the timeline. */
export interface TimelineSpan {
  /** `s1`, `s2`, … in the order in which they appear: the same in every run, unlike the ids of OpenTelemetry. */
  readonly id: string;
  readonly name: string;
  /** The name, with a number where several spans have the same one: `query (1)`, `query (2)`. */
  readonly label: string;
  /** The `id` of the parent; absent for a root. */
  readonly parent?: string;
  /** The step of its start; absent for one that was started outside the recording. */
  readonly startedAt?: string;
  /** The step of its end, the first one if there are more; absent for one that is open. */
  readonly endedAt?: string;
  /** The steps at which `end()` was called. */
  readonly ends: readonly string[];
  readonly status: 'unset' | 'ok' | 'error';
  /** The message of the status. */
  readonly message?: string;
  /** The types of the exceptions that were recorded on it. */
  readonly exceptions: readonly string[];
  /** Whether the span is recorded; one that is not sampled is handed off all the same. */
  readonly recorded: boolean;
}

/** What a recording is drawn and asserted from: plain data, the same in every run and on every machine. */
export interface TimelineData {
  readonly title?: string;
  readonly steps: readonly TimelineStep[];
  readonly spans: readonly TimelineSpan[];
  /** How the program ended, in words: `fulfilled`, `rejected: RangeError: out of range`. */
  readonly outcome: string;
}

/** The recording of one program. */
export interface Timeline<T> extends TimelineData {
  /** What the program returned or threw, its promise settled. */
  readonly result: PromiseSettledResult<T>;
  /** Aligned text, one step a line, for snapshots and terminals. */
  toString(): string;
  /** A Mermaid sequence diagram, for Markdown. */
  toMermaid(): string;
  /** A drawing: a lane for each span and promise chain, the ticks across; for light and dark backgrounds. */
  toSVG(): string;
  /** A page with the drawing and the steps; what belongs together is highlighted under the pointer. */
  toHTML(): string;
}

/**
 * Whether the program has left the span open. One that is not sampled need not be ended, and `withOtelSpan` does not; one
 * that was started outside is not the program's.
 */
export function isLeftOpen({ startedAt, ends, recorded }: TimelineSpan): boolean {
  return startedAt !== undefined && ends.length === 0 && recorded;
}

/** For `expect.addSnapshotSerializer` of vitest and Jest: a timeline is its text. */
export const timelineSerializer = {
  test: isTimeline,
  serialize: (timeline: unknown): string => String(timeline),
};

/** Whether `value` is what `recordTimeline()` resolves with, of whichever copy of this library. */
export function isTimeline(value: unknown): value is Timeline<unknown> {
  if (Object(value) !== value) return false;
  const { steps, spans, toMermaid } = value as Partial<Timeline<unknown>>; // cast: an object, and none need be there
  return Array.isArray(steps) && Array.isArray(spans) && typeof toMermaid === 'function';
}
