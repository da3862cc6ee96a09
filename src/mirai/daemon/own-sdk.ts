import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { context, diag, propagation, trace } from '@opentelemetry/api';
import { contextManager, tracerProvider } from '../../otel/context-manager.js';
import { Recorder } from '../telemetry/recorder.js';
import { StorageContextManager } from '../telemetry/storage-context-manager.js';
import { w3cPropagator } from '../telemetry/w3c-propagator.js';

/** Variables that say where spans go. */
const destinations = [
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
];

/**
 * Starts the SDK that `OTEL_*` variables configure, where they say where spans go, the setup module or an `--import` has not
 * registered one, and `@opentelemetry/sdk-node` is installed.
 */
export async function startSdkOfEnvironment(): Promise<void> {
  const { env } = process;
  if (tracerProvider() || env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return;
  if (!destinations.some((name) => env[name])) return;
  const path = resolve('@opentelemetry/sdk-node');
  if (!path) return;
  try {
    const loaded = await import(/* webpackIgnore: true */ /* @vite-ignore */ pathToFileURL(path).href);
    const { NodeSDK } = loaded.NodeSDK ? loaded : loaded.default;
    new NodeSDK().start();
  } catch (error) {
    diag.warn('mirai: the SDK that OTEL_* variables configure cannot be started in a daemon', error);
  }
}

function resolve(specifier: string): string | undefined {
  for (const from of [process.cwd(), process.argv[1] ?? '']) {
    try {
      return createRequire(join(from, 'index.js')).resolve(specifier);
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

/** What collects the spans of a daemon for the host, registered where the daemon has no SDK of its own. */
export function recorderUnlessOwnSdk(): Recorder | undefined {
  if (tracerProvider()) return undefined;
  const recorder = new Recorder();
  trace.setGlobalTracerProvider(recorder);
  if (!contextManager()) context.setGlobalContextManager(new StorageContextManager(new AsyncLocalStorage()));
  propagation.setGlobalPropagator(w3cPropagator);
  return recorder;
}
