import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

type Engine = 'threads' | 'processes' | 'inline';

export function runHierarchy(
  mirai: typeof import('otel-promise-domain/mirai'),
  engine: Engine | import('otel-promise-domain/mirai').Engine,
): Promise<void>;
export function checkHierarchy(spans: readonly ReadableSpan[], engine: string): void;
