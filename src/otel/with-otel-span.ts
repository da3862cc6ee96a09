import {
  context,
  diag,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { DomainPromise } from '../domain/domain-promise.js';
import { check } from '../errors.js';
import { withOtelPromiseDomain } from './otel-promise-domain.js';
import { follow, type SpanEnd, spanEnd } from './span-end.js';
import { endWithIteration } from './span-iteration.js';

export interface OtelSpanOptions extends SpanOptions {
  /** Yours: the tracer of the library or application that creates the span. */
  tracer: Tracer;
  /**
   * Whether a thrown or rejected value goes into the span: an exception event where it is an `Error`, and the status
   * ERROR. Default: true.
   */
  recordErrors?: boolean | undefined;
}

/** A domain promise of what a promise or thenable settles with; any other value as it is. */
export type SpanResult<R> = R extends PromiseLike<infer T> ? DomainPromise<T> : R;

/**
 * Starts a span, calls `fn` with the span active, and ends the span once: when `fn` returns or throws, or, where it
 * returned a promise or another thenable, when that settles, before any callback of the returned promise. Where it
 * returned an async iterable or a generator, the span is active in every step and ends with the iteration: at its end,
 * when it is abandoned, or when it throws. The handoff domain is installed around `fn` if it is not there yet.
 *
 * With tracing off (the tracer gives no valid span), `fn` is called and what it returns is returned, nothing else.
 *
 * @param name of the span
 * @param options those of `tracer.startSpan`, the tracer itself, and `recordErrors`
 * @throws TypeError if an argument is not what it must be; else what `fn` throws, unchanged
 *
 * Source: `with_otel_span()` of the R package `promises`.
 */
export function withOtelSpan<R>(
  name: string,
  options: OtelSpanOptions,
  fn: (span: Span) => R,
): SpanResult<R> {
  checkArguments(name, options, fn);
  const parent = context.active();
  const span = options.tracer.startSpan(name, options, parent);
  // Reason for the casts: whether R is a thenable, and so what SpanResult<R> is, shows only in the value.
  if (isSpanContextValid(span.spanContext())) {
    const active = trace.setSpan(parent, span);
    const end = spanEnd(span, options.recordErrors ?? true);
    return withOtelPromiseDomain(() =>
      context.with(active, callAndEnd<R>, undefined, fn, span, end),
    ) as SpanResult<R>;
  }
  // Without a span there may still be baggage or the suppression of tracing to hand over.
  return (parent === ROOT_CONTEXT ? fn(span) : withOtelPromiseDomain(() => fn(span))) as SpanResult<R>;
}

/** Runs with the span active and the handoff domain current. */
function callAndEnd<R>(fn: (span: Span) => R, span: Span, end: SpanEnd): unknown {
  warnWithoutContextManager();
  return follow(
    () => fn(span),
    (result) => endWithIteration(result, end) || end.done(),
    end.done,
    end.failed,
  );
}

function checkArguments(name: string, options: OtelSpanOptions, fn: unknown): void {
  check('withOtelSpan: name', 'string', name);
  check('withOtelSpan: options', 'object', options, 'an object');
  const { tracer, recordErrors = true } = options;
  check('withOtelSpan: options.tracer', 'function', tracer?.startSpan, 'a Tracer', tracer);
  check('withOtelSpan: options.recordErrors', 'boolean', recordErrors);
  check('withOtelSpan: fn', 'function', fn);
}

let warned = false;

function warnWithoutContextManager(): void {
  if (warned || context.active() !== ROOT_CONTEXT) return;
  warned = true;
  diag.warn('otel-promise-domain: no context manager is registered, so no span is handed off');
}
