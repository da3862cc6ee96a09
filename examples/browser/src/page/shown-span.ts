import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-web';

/** What is drawn of a span; the backend sends its own in this form. Times are milliseconds since 1970. */
export interface ShownSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly service: string;
  readonly start: number;
  /** `null` while it runs. */
  readonly end: number | null;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export function shownSpan(span: ReadableSpan): ShownSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    service: String(span.resource.attributes['service.name']),
    start: toMilliseconds(span.startTime),
    end: span.ended ? toMilliseconds(span.endTime) : null,
    failed: span.status.code === SpanStatusCode.ERROR,
    attributes: { ...span.attributes },
  };
}

function toMilliseconds([seconds, nanoseconds]: ReadableSpan['startTime']): number {
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** The name, and for a request also its path: `GET /cart`. */
export function titleOf({ name, attributes }: ShownSpan): string {
  const url = attributes['url.full'];
  return name === name.toUpperCase() && typeof url === 'string' ? `${name} ${new URL(url).pathname}` : name;
}
