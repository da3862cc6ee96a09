import { type Link, type SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { EvalBrief } from '../protocol/messages.js';
import { between, type Resource } from './relayed-span.js';
import { scope } from './scope.js';

/** What the spans of a daemon have in common. */
export interface SpanOrigin {
  readonly resource: Resource;
  /** To its `daemon connect`, if there is one. */
  readonly links: readonly (Link & { readonly droppedAttributesCount: number })[];
}

/** What the host knows of a task. */
export interface TaskCall {
  readonly id: number;
  /** Its `mirai`. */
  readonly span: SpanContext;
  /** How long it waited, in ms. */
  readonly waited: number;
}

const status = { code: SpanStatusCode.UNSET };
const instrumentationScope = { name: scope };

/**
 * A `daemon eval` to which the task has added nothing, as a `ReadableSpan` of the SDK. As many of them as there are tasks
 * wait to be exported, so that they share what is the same.
 */
export function evalSpan(brief: EvalBrief, { resource, links }: SpanOrigin, { id, span, waited }: TaskCall) {
  const [spanId, startSeconds, startNanoseconds, endSeconds, endNanoseconds] = brief;
  const { traceId, traceFlags, traceState } = span;
  const context: SpanContext = { traceId, spanId, traceFlags, ...(traceState && { traceState }) };
  const startTime: [number, number] = [startSeconds, startNanoseconds];
  const endTime: [number, number] = [endSeconds, endNanoseconds];
  return {
    name: 'daemon eval',
    kind: SpanKind.SERVER,
    spanContext: () => context,
    parentSpanContext: { ...context, spanId: span.spanId, isRemote: true },
    startTime,
    endTime,
    status,
    attributes: { 'mirai.id': id, 'mirai.queue_time': waited / 1000 },
    links,
    events: [],
    duration: between(startTime, endTime),
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
