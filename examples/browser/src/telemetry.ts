import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch';
import { UserInteractionInstrumentation } from '@opentelemetry/instrumentation-user-interaction';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web';
import { DomainContextManager } from 'otel-promise-domain';
import type { LiveSpans } from './page/live-spans.js';

/**
 * Registers the OpenTelemetry SDK: spans go to the server that the page came from, and to `live`, which is drawn.
 *
 * @returns a function that exports what has ended so far, and resolves when the server has it
 */
export function startTelemetry(live: LiveSpans): () => Promise<void> {
  const exporter = new OTLPTraceExporter({ url: `${location.origin}/v1/traces` });
  const provider = new WebTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'page' }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500 }), live.processor],
  });
  provider.register({ contextManager: new DomainContextManager() });
  registerInstrumentations({
    instrumentations: [
      new UserInteractionInstrumentation(),
      new FetchInstrumentation({ applyCustomAttributesOnSpan: live.answered }),
    ],
  });
  return async () => {
    await provider.forceFlush();
    await exporter.forceFlush(); // that of the provider does not wait for exports that are under way
  };
}
