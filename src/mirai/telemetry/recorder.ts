import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { SpanRecord } from '../protocol/span-record.js';
import { randomId } from './ids.js';
import { RecordedSpan } from './recorded-span.js';

/** Where `suppressTracing()` of the SDK leaves its mark (`@opentelemetry/core`, trace/suppress-tracing). */
const suppressed = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * The tracer provider of daemons without an SDK of their own. It samples as the parent does, and roots always: what is
 * wanted of them is for the host to say. Finished spans are collected until they are taken.
 */
export class Recorder implements TracerProvider {
  #finished: SpanRecord[] = [];

  /** The spans that have ended since the last time. */
  take(): SpanRecord[] {
    const finished = this.#finished;
    if (finished.length > 0) this.#finished = [];
    return finished;
  }

  getTracer(name: string, version?: string, options?: { schemaUrl?: string }): Tracer {
    const schemaUrl = options?.schemaUrl;
    const scope = {
      name,
      ...(version !== undefined && { version }),
      ...(schemaUrl !== undefined && { schemaUrl }),
    };
    return new RecorderTracer(scope, (record) => this.#finished.push(record));
  }
}

class RecorderTracer implements Tracer {
  readonly #scope: SpanRecord['scope'];
  readonly #end: (record: SpanRecord) => void;

  constructor(scope: SpanRecord['scope'], end: (record: SpanRecord) => void) {
    this.#scope = scope;
    this.#end = end;
  }

  startSpan(name: string, options: SpanOptions = {}, active: Context = context.active()): Span {
    if (active.getValue(suppressed)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const parent = options.root ? undefined : validParent(active);
    const sampled = parent ? parent.traceFlags & TraceFlags.SAMPLED : TraceFlags.SAMPLED;
    const ids: SpanContext = {
      traceId: parent?.traceId ?? randomId(16),
      spanId: randomId(8),
      traceFlags: sampled,
      ...(parent?.traceState && { traceState: parent.traceState }),
    };
    if (!sampled) return trace.wrapSpanContext(ids);
    const { kind = SpanKind.INTERNAL, attributes, links, startTime } = options;
    const scope = this.#scope;
    return new RecordedSpan(
      { name, kind, context: ids, parent, startTime, attributes, links, scope },
      this.#end,
    );
  }

  startActiveSpan<F extends (span: Span) => unknown>(...args: [string, ...unknown[]]): ReturnType<F> {
    const [name] = args;
    // Reason for the casts: the three overloads of the API, told apart by their number of arguments.
    const fn = args.at(-1) as F;
    const options = args.length > 2 ? (args[1] as SpanOptions) : undefined;
    const parent = args.length > 3 ? (args[2] as Context) : context.active();
    const span = this.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), fn as (span: Span) => ReturnType<F>, undefined, span);
  }
}

function validParent(active: Context): SpanContext | undefined {
  const parent = trace.getSpanContext(active);
  return parent && isSpanContextValid(parent) ? parent : undefined;
}
