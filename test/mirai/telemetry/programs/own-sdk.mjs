// An SDK of the daemon's own, as a setup module or by `--import`: its spans go to stderr, one a line, when they are flushed.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = {
  export(spans, done) {
    for (const { name, resource } of spans) {
      writeSync(2, `own SDK: ${name} ${resource.attributes.daemon ?? ''}\n`);
    }
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};
if (process.env.SDK_OF_ALL || !isMainThread || process.env.SDK_OF_DAEMONS) {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }),
  );
}
