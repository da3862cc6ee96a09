import { beforeEach, expect } from 'vitest';
import { type Finding, messageOf } from './assertions/finding.js';
import { findHandOff, type HandOffOptions } from './assertions/hand-off.js';
import {
  findNoContext,
  findNoSpanOpen,
  findSpanEnd,
  findSpanStart,
  type SpanEndOptions,
  type SpanStartOptions,
} from './assertions/span-life.js';
import { findText } from './assertions/text-match.js';
import { type LeakOptions, watchLeaks } from './leaks.js';
import { recordTimeline, type TimelineTools } from './record-timeline.js';
import { type TimelineData, timelineSerializer } from './timeline.js';

/** For `expect(timeline)`, and for `await expect(program)`, which records the program first. */
interface TimelineMatchers<R> {
  /** See `assertHandOff`. */
  toHandOff(span: string, options?: HandOffOptions): R;
  /** See `assertSpanStart`. */
  toStartSpan(name: string, options?: SpanStartOptions): R;
  /** See `assertSpanEnd`. */
  toEndSpan(name: string, options?: SpanEndOptions): R;
  /** See `assertNoSpanOpen`. */
  toLeaveNoSpanOpen(): R;
  /** See `assertNoContext`. */
  toLeaveNoContext(): R;
  /** See `assertTimeline`. */
  toMatchTimeline(text: string): R;
}

declare module 'vitest' {
  interface Matchers<T>
    extends TimelineMatchers<T extends (...args: never[]) => unknown ? Promise<void> : void> {}
}

type Program = (tools: TimelineTools) => unknown;

type Find = (where: string, timeline: TimelineData, ...args: never[]) => Finding;

function matcher(name: string, find: Find) {
  const verdict = (timeline: TimelineData, args: unknown[], isNot: boolean) => {
    // Reason for the cast: the arguments are what the caller gave, and checked by `find`.
    const finding = find(name, timeline, ...(args as never[]));
    // What is asked of something that is not there fails either way: a name that is misspelt would hold for ever.
    const pass = finding.isVoid ? isNot : finding.holds;
    return { pass, message: () => messageOf(timeline, finding, isNot && !finding.isVoid), ...finding.texts };
  };
  return function (this: { isNot: boolean }, received: unknown, ...args: unknown[]) {
    const { isNot } = this;
    if (typeof received !== 'function') return verdict(received as TimelineData, args, isNot); // cast: `find` checks it
    return recordTimeline(received as Program).then((timeline) => {
      const { result, steps } = timeline;
      // Nobody else will see the error of a program that has not even started.
      if (result.status === 'rejected' && steps.length === 0) throw result.reason;
      return verdict(timeline, args, isNot);
    });
  };
}

expect.extend({
  toHandOff: matcher('toHandOff', findHandOff),
  toStartSpan: matcher('toStartSpan', findSpanStart),
  toEndSpan: matcher('toEndSpan', findSpanEnd),
  toLeaveNoSpanOpen: matcher('toLeaveNoSpanOpen', findNoSpanOpen),
  toLeaveNoContext: matcher('toLeaveNoContext', findNoContext),
  toMatchTimeline: matcher('toMatchTimeline', findText),
});

expect.addSnapshotSerializer(timelineSerializer);

/**
 * Fails every test from here on that leaves a span open, a local domain installed or a context attached, and names it and
 * where that was done. To be called once, in a file of `setupFiles` or at the head of a test file.
 *
 * @throws TypeError if `options` is not what it must be
 */
export function failOnLeaks(options?: LeakOptions): void {
  beforeEach(async ({ onTestFinished }) => {
    const watch = await watchLeaks(options);
    onTestFinished(() => watch.check()); // the first to be registered, so it runs after every clean-up of the test
  });
}
