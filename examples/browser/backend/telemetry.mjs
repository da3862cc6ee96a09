import { context, propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/**
 * Registers the OpenTelemetry SDK of Node.js, whose spans go to `spanProcessor`.
 *
 * @returns a tracer
 */
export function startTelemetry(spanProcessor) {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'backend' }),
    spanProcessors: [spanProcessor],
  });
  provider.register();
  return provider.getTracer('backend');
}

/** Calls `work` in a span for the request, which continues the trace that the headers tell of. */
export function inServerSpan(tracer, name, request, work) {
  const parent = propagation.extract(context.active(), request.headers);
  return inSpan(tracer, name, { kind: SpanKind.SERVER }, work, parent);
}

/** Calls the async function `work` in a span that ends when it is done. */
export function inSpan(tracer, name, options, work, parent = context.active()) {
  return tracer.startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}
