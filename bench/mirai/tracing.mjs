// Registers what `NodeTracerProvider.register()` does, with a batch processor before an exporter that only counts.
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

export function startTracing() {
  const exporter = new CountingExporter();
  const provider = new BasicTracerProvider({
    // Room for a whole burst: the processor would drop what its default queue cannot take, unseen.
    spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: 2 ** 20 })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  trace.setGlobalTracerProvider(provider);

  return {
    /** @param {Record<string, number>} expected how many spans of each name */
    async expectSpans(expected) {
      await provider.forceFlush();
      for (const [name, count] of Object.entries(expected)) {
        const found = exporter.counts.get(name) ?? 0;
        if (found !== count) throw new Error(`${found} spans named ${name} instead of ${count}`);
      }
    },
  };
}

class CountingExporter {
  counts = new Map();

  export(spans, done) {
    for (const { name } of spans) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    done({ code: 0 });
  }

  async forceFlush() {}

  async shutdown() {}
}
