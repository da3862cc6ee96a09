import { isSpanContextValid, type Span } from '@opentelemetry/api';

/** The name that a span has now; `undefined` for one that does not tell, which those of the SDKs do. */
export function nameOfSpan(span: Span | undefined): string | undefined {
  // Reason for the cast: the API has no way to read the name.
  const name = (span as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' ? name : undefined;
}

/** `span` where it is one with a valid context: not that of a tracer that is off, and not what a test has put in the place of one. */
export function validSpan(span: Span | undefined): Span | undefined {
  return typeof span?.spanContext === 'function' && isSpanContextValid(span.spanContext()) ? span : undefined;
}

/** The same for all objects that stand for one span. */
export function keyOfSpan(span: Span): string {
  const { traceId, spanId } = span.spanContext();
  return `${traceId}-${spanId}`;
}
