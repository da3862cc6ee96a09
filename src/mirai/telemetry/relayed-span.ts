import type { Attributes, HrTime, SpanContext } from '@opentelemetry/api';
import { createTraceState } from '@opentelemetry/api';
import type { SpanIds } from '../protocol/messages.js';
import type { SpanRecord } from '../protocol/span-record.js';

/** A `Resource` of the SDK, as far as processors and exporters use it. */
export interface Resource {
  readonly attributes: Attributes;
  readonly asyncAttributesPending?: boolean;
  readonly schemaUrl?: string;
  getRawAttributes(): [string, Attributes[string]][];
  merge(other: Resource | null): Resource;
  waitForAsyncAttributes?(): Promise<void>;
}

/** A span of a daemon as a `ReadableSpan` of the SDK (version 2 and 3). */
export function relayedSpan(record: SpanRecord, resource: Resource) {
  const { name, kind, start, end, status, attributes, dropped, scope } = record;
  const context = contextOf(record.context, record.traceState);
  return {
    name,
    kind,
    spanContext: () => context,
    ...(record.parent && { parentSpanContext: { ...contextOf(record.parent, undefined), isRemote: true } }),
    startTime: start,
    endTime: end,
    status,
    attributes,
    links: record.links.map((link) => ({ ...link, context: contextOf(link.context, undefined) })),
    events: record.events,
    duration: between(start, end),
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: dropped.attributes,
    droppedEventsCount: dropped.events,
    droppedLinksCount: dropped.links,
  };
}

export function contextOf(
  { traceId, spanId, traceFlags }: SpanIds,
  traceState: string | undefined,
): SpanContext {
  const ids = { traceId, spanId, traceFlags };
  return traceState ? { ...ids, traceState: createTraceState(traceState) } : ids;
}

/** From one time to a later one. */
export function between(start: HrTime, end: HrTime): HrTime {
  const nanoseconds = end[1] - start[1];
  return nanoseconds < 0 ? [end[0] - start[0] - 1, nanoseconds + 1e9] : [end[0] - start[0], nanoseconds];
}

/** The resource of the host, with the process and the thread of a daemon. */
export function daemonResource(host: Resource | undefined, pid: number, threadId: number): Resource {
  const own = plainResource({ 'process.pid': pid, 'thread.id': threadId });
  return host ? host.merge(own) : own;
}

function plainResource(attributes: Attributes): Resource {
  return {
    attributes,
    asyncAttributesPending: false,
    getRawAttributes: () => Object.entries(attributes),
    merge: (other) => plainResource({ ...attributes, ...other?.attributes }),
    waitForAsyncAttributes: () => Promise.resolve(),
  };
}
