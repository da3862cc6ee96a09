import { EventEmitter } from 'node:events';
import { SpanStatusCode } from '@opentelemetry/api';

/**
 * Holds the spans of page and backend. Emits `start` and `end` for those of the backend, so that the page can draw them.
 *
 * A span is `{ traceId, spanId, parentSpanId, name, service, start, end, failed, attributes }`, times in milliseconds
 * since 1970.
 */
export function createTraces() {
  const events = new EventEmitter().setMaxListeners(0);
  const spans = [];

  /** Takes the spans of the backend from its SDK. */
  const spanProcessor = {
    onStart: (span) => events.emit('start', fromSdk(span)),
    onEnd(span) {
      spans.push(fromSdk(span));
      events.emit('end', fromSdk(span));
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };

  /** Takes the body of an OTLP/HTTP JSON request, which is how the page exports. */
  const addOtlp = ({ resourceSpans = [] }) => {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = readAttributes(resource.attributes)['service.name'];
      for (const scope of scopeSpans) {
        for (const span of scope.spans) spans.push(fromOtlp(span, service));
      }
    }
  };

  return { events, spanProcessor, addOtlp, spans: () => [...spans] };
}

function fromSdk(span) {
  return {
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    name: span.name,
    service: span.resource.attributes['service.name'],
    start: toMilliseconds(span.startTime),
    end: span.ended ? toMilliseconds(span.endTime) : null,
    failed: span.status.code === SpanStatusCode.ERROR,
    attributes: span.attributes,
  };
}

function fromOtlp(span, service) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId || null,
    name: span.name,
    service,
    start: Number(span.startTimeUnixNano) / 1e6,
    end: Number(span.endTimeUnixNano) / 1e6,
    failed: span.status?.code === SpanStatusCode.ERROR,
    attributes: readAttributes(span.attributes),
  };
}

/** From `[seconds, nanoseconds]`. */
function toMilliseconds([seconds, nanoseconds]) {
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** From `[{ key, value: { stringValue } }]` to `{ key: value }`. */
function readAttributes(attributes = []) {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
