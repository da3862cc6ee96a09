import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

type Engine = 'threads' | 'processes' | 'inline';

export function runHierarchy(
  mirai: typeof import('otel-promise-domain/mirai'),
  engine: Engine,
): Promise<void>;
export function checkHierarchy(spans: readonly ReadableSpan[], engine: Engine): void;
