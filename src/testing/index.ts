export { TimelineAssertionError } from './assertions/finding.js';
export type { HandOffOptions } from './assertions/hand-off.js';
export {
  assertHandOff,
  assertNoContext,
  assertNoSpanOpen,
  assertSpanEnd,
  assertSpanStart,
  assertTimeline,
} from './assertions/index.js';
export type { SpanEndOptions, SpanStartOptions } from './assertions/span-life.js';
export { type Leak, LeakError, type LeakOptions, type LeakWatch, watchLeaks } from './leaks.js';
export { recordTimeline, type TimelineOptions, type TimelineTools } from './record-timeline.js';
export {
  type Timeline,
  type TimelineData,
  type TimelineSpan,
  type TimelineStep,
  type TimelineStepKind,
  timelineSerializer,
} from './timeline.js';
