import { type Tracer, trace } from '@opentelemetry/api';

/** Instrumentation scope of all spans and metrics of the runtime. */
export const scope = 'otel-promise-domain/mirai';

/** Asked for each time, so that a provider that is registered later or anew is found. */
export function tracer(): Tracer {
  return trace.getTracer(scope);
}
