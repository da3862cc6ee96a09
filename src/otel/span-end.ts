import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { adopt, hiddenThen } from '../domain/domain-promise.js';

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

/**
 * Calls `fn` and passes on what it returns or throws.
 *
 * @param returned called with a result that is no thenable
 * @param fulfilled called with what a thenable, which is passed on as a domain promise, is fulfilled with
 * @param failed called with what `fn` throws or the thenable is rejected with
 */
export function follow(
  fn: () => unknown,
  returned: (value: unknown) => void,
  fulfilled: (value: unknown) => void,
  failed: (reason: unknown) => never,
): unknown {
  const pass = (tell: (value: unknown) => void) => (value: unknown) => {
    tell(value);
    return value;
  };
  try {
    const result = fn();
    const promise = adopt(result);
    return promise ? hiddenThen(promise, pass(fulfilled), failed) : pass(returned)(result);
  } catch (error) {
    return failed(error);
  }
}
