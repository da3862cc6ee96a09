// `export-otlp.mjs <engine> [url]`: the whole trace of a profile, exported to the URL, or as `OTEL_*` variables say.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import * as runtime from 'otel-promise-domain/mirai';
import { runHierarchy } from '../hierarchy.mjs';

const [engine, url] = process.argv.slice(2);
const sdk = new NodeSDK(url ? { traceExporter: new OTLPTraceExporter({ url }) } : {});
sdk.start();
await runHierarchy(runtime, engine);
await sdk.shutdown();
