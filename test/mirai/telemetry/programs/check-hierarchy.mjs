// `check-hierarchy.mjs <engine, or URL of a NATS server> <2 or 3>`: with the SDK of that version registered, and nothing else.
import { trace } from '@opentelemetry/api';
import * as runtime from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';
import { checkHierarchy, runHierarchy } from '../hierarchy.mjs';

const [engine, version] = process.argv.slice(2);
const sdk = await import(version === '3' ? '@opentelemetry/sdk-trace' : '@opentelemetry/sdk-trace-base');
const exporter = new sdk.InMemorySpanExporter();
const processor = new sdk.SimpleSpanProcessor(version === '3' ? { exporter } : exporter);
const Provider = sdk.TracerProvider ?? sdk.BasicTracerProvider;
trace.setGlobalTracerProvider(new Provider({ spanProcessors: [processor] }));
// No context manager: the host needs none, unless its daemons are inline.
await runHierarchy(runtime, engine.startsWith('nats:') ? nats({ servers: engine }) : engine);
checkHierarchy(exporter.getFinishedSpans(), engine);
