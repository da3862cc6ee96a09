import { type Span, SpanStatusCode } from '@opentelemetry/api';

/** The two ways in which what a span stands for can end; the span ends with the first of them. */
export interface SpanEnd {
  done(): void;
  /** Throws `reason` again, as it came. */
  failed(reason: unknown): never;
}

/**
 * A span that the caller has ended already, or that does not record, is left alone.
 *
 * @param recordErrors whether a failure goes into the span: an exception event where it is an `Error`, and the status
 */
export function spanEnd(span: Span, recordErrors: boolean): SpanEnd {
  const done = () => {
    if (span.isRecording()) span.end();
  };
  return {
    done,
    failed(reason) {
      if (recordErrors && span.isRecording()) recordFailure(span, reason);
      done();
      throw reason;
    },
  };
}

function recordFailure(span: Span, reason: unknown): void {
  const code = SpanStatusCode.ERROR;
  try {
    if (reason instanceof Error) span.recordException(reason);
    // Reason for the cast: anything may have a message; what has none is described.
    span.setStatus({ code, message: String((reason as Error | undefined)?.message ?? reason) });
  } catch {
    span.setStatus({ code }); // what cannot even be read goes on as it came
  }
}
