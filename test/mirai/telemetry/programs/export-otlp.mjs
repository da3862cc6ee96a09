// `export-otlp.mjs <engine> [url]`, where the engine may be the URL of a NATS server: the whole trace of a profile, exported to the URL, or as `OTEL_*` variables say.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import * as runtime from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';
import { runHierarchy } from '../hierarchy.mjs';

const [name, url] = process.argv.slice(2);
const engine = name.startsWith('nats:') ? nats({ servers: name }) : name;
const sdk = new NodeSDK(url ? { traceExporter: new OTLPTraceExporter({ url }) } : {});
sdk.start();
await runHierarchy(runtime, engine);
await sdk.shutdown();
