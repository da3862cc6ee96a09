import { type Context, context, type Span, type SpanOptions, type Tracer, trace } from '@opentelemetry/api';

/** A tracer whose spans `startSpan` starts, whichever method is called (OpenTelemetry API, `Tracer`). */
export function makeTracer(startSpan: Tracer['startSpan']): Tracer {
  return {
    startSpan,
    startActiveSpan<F extends (span: Span) => unknown>(
      name: string,
      ...args: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
    ): ReturnType<F> {
      // Reason for the casts: which of the three forms it is shows in the number of arguments.
      const fn = args[args.length - 1] as F;
      const options = args.length > 1 ? (args[0] as SpanOptions) : undefined;
      const parent = args.length > 2 ? (args[1] as Context) : context.active();
      const span = startSpan(name, options, parent);
      return context.with(trace.setSpan(parent, span), fn as never, undefined, span);
    },
  };
}
