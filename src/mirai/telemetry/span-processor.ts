import type { Context, Span } from '@opentelemetry/api';

/** A `SpanProcessor` of the SDK, as far as relayed spans use it; of version 2 or 3. */
export interface SpanProcessor {
  // Methods, so that those of the SDK, which take more than the API says of spans, are assignable.
  onStart(span: Span, parentContext: Context): void;
  onEnd(span: ReadableSpan): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** A finished span, as the SDK hands it to processors and exporters. */
// biome-ignore lint/suspicious/noEmptyInterface: what it holds is in relayed-span.ts; the SDKs differ in details
interface ReadableSpan {}
