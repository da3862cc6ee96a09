import { check } from '../../errors.js';
import { sites } from '../make-timeline.js';
import { isLeftOpen, type TimelineData, type TimelineSpan } from '../timeline.js';
import { checkQuestion, checkTimeline } from './arguments.js';
import type { Finding } from './finding.js';
import { listOf, noSpanNamed, spansNamed } from './names.js';

export interface SpanStartOptions {
  /** The step, `t1.0`, or the tick, `t1`, at which it starts. Default: anywhere. */
  readonly at?: string | undefined;
  /** The name of its parent; `null` for a root. Default: whichever. */
  readonly parent?: string | null | undefined;
}

export interface SpanEndOptions {
  /** The step, `t2.0`, or the tick, `t2`, at which it ends. Default: anywhere. */
  readonly at?: string | undefined;
  /** Whether it, and every other span with this name, must have ended exactly once. Default: at least once. */
  readonly once?: boolean | undefined;
  /** The status that it has at the end. Default: whichever. */
  readonly status?: 'unset' | 'ok' | 'error' | undefined;
}

/** Whether a span is started, where, and with which parent; of several spans with this name, whether one is. */
export function findSpanStart(
  where: string,
  timeline: TimelineData,
  name: string,
  options: SpanStartOptions = {},
): Finding {
  checkQuestion(where, timeline, name, options, ['at', 'parent']);
  const { at, parent } = options;
  if (parent != null) check(`${where}: options.parent`, 'string', parent, 'the name of a span, or null');
  const expected = [
    `${name} is started`,
    at === undefined ? '' : ` at ${at}`,
    parent === undefined ? '' : parent === null ? ' as a root' : ` as a child of ${parent}`,
  ].join('');
  const spans = spansNamed(timeline, name);
  const parentOf = (span: TimelineSpan) => timeline.spans.find(({ id }) => id === span.parent);
  const isChild = (span: TimelineSpan) => {
    const { name, label } = parentOf(span) ?? {};
    return parent === null ? span.parent === undefined : parent === name || parent === label;
  };
  const tell = (span: TimelineSpan) => {
    const start = span.startedAt ? `is started at ${span.startedAt}` : 'was started outside of the program';
    return `${span.label} ${start} as ${span.parent ? `a child of ${parentOf(span)?.label}` : 'a root'}`;
  };
  return {
    holds: spans.some(
      (span) => span.startedAt && isAt(span.startedAt, at) && (parent === undefined || isChild(span)),
    ),
    expected,
    happened: spans.length > 0 ? spans.map(tell) : [noSpanNamed(timeline, name)],
    points: spans.map(({ startedAt }) => startedAt),
  };
}

/** Whether a span ends, where, and how often; of several spans with this name whether one does, and each of them once. */
export function findSpanEnd(
  where: string,
  timeline: TimelineData,
  name: string,
  options: SpanEndOptions = {},
): Finding {
  checkQuestion(where, timeline, name, options, ['at', 'once', 'status']);
  const { at, once = false, status } = options;
  check(`${where}: options.once`, 'boolean', once);
  if (status !== undefined && !['unset', 'ok', 'error'].includes(status))
    throw new RangeError(
      `${where}: options.status must be unset, ok or error (got ${JSON.stringify(status)})`,
    );
  const expected = [
    `${name} ends`,
    once ? ' once' : '',
    at === undefined ? '' : ` at ${at}`,
    status === undefined ? '' : ` with the status ${status}`,
  ].join('');
  const spans = spansNamed(timeline, name);
  const tell = ({ label, ends, startedAt, ...span }: TimelineSpan) => {
    const message = span.message ? `: ${span.message}` : '';
    if (ends.length > 0) return `${label} ends at ${listOf(ends)} with the status ${span.status}${message}`;
    return `${label} ${startedAt ? `was started at ${startedAt} and` : 'was started outside and'} is still open`;
  };
  const ends = (span: TimelineSpan) =>
    span.ends.some((end) => isAt(end, at)) && (status === undefined || span.status === status);
  return {
    holds: spans.some(ends) && !(once && spans.some((span) => span.startedAt && span.ends.length !== 1)),
    isVoid: spans.length === 0,
    expected,
    happened: spans.length > 0 ? spans.map(tell) : [noSpanNamed(timeline, name)],
    points: spans.flatMap(({ ends, startedAt }) => (ends.length > 0 ? [...ends] : [startedAt])),
  };
}

/** Whether every span that the program has started was ended. */
export function findNoSpanOpen(where: string, timeline: TimelineData): Finding {
  checkTimeline(where, timeline);
  const open = timeline.spans.filter(isLeftOpen);
  const place = (span: TimelineSpan) => sites(timeline).ofSpan(span.id);
  return {
    holds: open.length === 0,
    expected: 'no span is left open',
    happened:
      open.length > 0
        ? open.map((span) => `${span.label} is open, started at ${span.startedAt} by ${place(span)}`)
        : ['every span was ended'],
    points: open.map(({ startedAt }) => startedAt),
  };
}

/** Whether everything was disposed that the program has installed: local domains and attached contexts. */
export function findNoContext(where: string, timeline: TimelineData): Finding {
  checkTimeline(where, timeline);
  const { installed } = sites(timeline);
  return {
    holds: installed.length === 0,
    expected: 'no domain is left installed and no context attached',
    happened:
      installed.length > 0
        ? installed.map(
            ({ what, at, site }) => `${what} was not disposed, installed${at ? ` at ${at}` : ''} by ${site}`,
          )
        : ['everything was disposed'],
    points: installed.map(({ at }) => at),
  };
}

function isAt(step: string, at: string | undefined): boolean {
  return at === undefined || step === at || step.startsWith(`${at}.`);
}
