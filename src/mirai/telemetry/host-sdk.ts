import { tracerProvider } from '../../otel/context-manager.js';
import type { Resource } from './relayed-span.js';
import type { SpanProcessor } from './span-processor.js';

/** What SDK 2 and 3 keep in their provider: this is the one place that knows. */
interface SdkProvider {
  readonly _activeSpanProcessor?: SpanProcessor;
  readonly _resource?: Resource;
}

function registeredProvider(): SdkProvider | undefined {
  // Reason for the casts: the API wraps what was registered, and has no name for what is in it.
  const wrapper = tracerProvider() as { getDelegate?: () => unknown } | undefined;
  return (wrapper?.getDelegate?.() ?? wrapper) as SdkProvider | undefined;
}

/** The processor of the registered tracer provider. */
export function registeredProcessor(): SpanProcessor | undefined {
  const processor = registeredProvider()?._activeSpanProcessor;
  return typeof processor?.onEnd === 'function' ? processor : undefined;
}

/** The resource of the registered tracer provider. */
export function registeredResource(): Resource | undefined {
  const resource = registeredProvider()?._resource;
  return typeof resource?.merge === 'function' ? resource : undefined;
}

/** Whether spans are made at all. */
export function isTracing(): boolean {
  return tracerProvider() !== undefined;
}
