// `run-tasks.mjs <engine> [setup module]`: what a host with an SDK of its own gets to see goes to stdout.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';

const [engine, setup] = process.argv.slice(2);
const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);
const tasks = importTasks(new URL('./work.mjs', import.meta.url));
await daemons(1, { engine, output: true, ...(setup && { setup }) });
await mirai(tasks.spanned, [1]);
await daemons(0);
for (const { name } of exporter.getFinishedSpans()) console.log(`host: ${name}`);
