import type { Span } from '@opentelemetry/api';

/** The name that a span has now; `undefined` for one that does not tell, which those of the SDKs do. */
export function nameOfSpan(span: Span | undefined): string | undefined {
  // Reason for the cast: the API has no way to read the name.
  const name = (span as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' ? name : undefined;
}
