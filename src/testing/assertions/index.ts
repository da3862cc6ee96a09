import type { TimelineData } from '../timeline.js';
import { assertFinding } from './finding.js';
import { findHandOff, type HandOffOptions } from './hand-off.js';
import {
  findNoContext,
  findNoSpanOpen,
  findSpanEnd,
  findSpanStart,
  type SpanEndOptions,
  type SpanStartOptions,
} from './span-life.js';
import { findText } from './text-match.js';

/**
 * Asserts that a span is handed off: captured by a `then()` or an `await`, or active in a callback or after an `await`,
 * which is outside of the call that made it active.
 *
 * @param span its name, or its label where several have that name
 * @throws TimelineAssertionError if it is not; TypeError or RangeError if an argument is not what it must be
 */
export function assertHandOff(timeline: TimelineData, span: string, options?: HandOffOptions): void {
  assertFinding(assertHandOff, timeline, findHandOff('assertHandOff', timeline, span, options));
}

/**
 * Asserts that a span with this name, or this label, is started, and where and with which parent.
 *
 * @throws TimelineAssertionError if none is; TypeError or RangeError if an argument is not what it must be
 */
export function assertSpanStart(timeline: TimelineData, name: string, options?: SpanStartOptions): void {
  assertFinding(assertSpanStart, timeline, findSpanStart('assertSpanStart', timeline, name, options));
}

/**
 * Asserts that a span with this name, or this label, is ended, where, how often, and with which status.
 *
 * @throws TimelineAssertionError if none is; TypeError or RangeError if an argument is not what it must be
 */
export function assertSpanEnd(timeline: TimelineData, name: string, options?: SpanEndOptions): void {
  assertFinding(assertSpanEnd, timeline, findSpanEnd('assertSpanEnd', timeline, name, options));
}

/**
 * Asserts that every span was ended that the program has started.
 *
 * @throws TimelineAssertionError that names the open ones and where they were started; TypeError for no timeline
 */
export function assertNoSpanOpen(timeline: TimelineData): void {
  assertFinding(assertNoSpanOpen, timeline, findNoSpanOpen('assertNoSpanOpen', timeline));
}

/**
 * Asserts that every local domain was disposed that the program has installed, and every context that it has attached.
 *
 * @throws TimelineAssertionError that names the others and where they were installed; TypeError for no timeline
 */
export function assertNoContext(timeline: TimelineData): void {
  assertFinding(assertNoContext, timeline, findNoContext('assertNoContext', timeline));
}

/**
 * Asserts that `toString()` of the timeline is `text`. Indentation that all lines share, and blank lines before and
 * after, do not count.
 *
 * @throws TimelineAssertionError with the first line that differs; TypeError if an argument is not what it must be
 */
export function assertTimeline(timeline: TimelineData, text: string): void {
  assertFinding(assertTimeline, timeline, findText('assertTimeline', timeline, text));
}
