import { fileURLToPath } from 'node:url';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { importTasks } from 'otel-promise-domain/mirai';
import type * as work from './programs/work.mjs';

/** The tasks of these tests. */
export const tasks = importTasks<typeof work>(new URL('./programs/work.mjs', import.meta.url));

/** Path of a program or a module beside them. */
export function pathOf(name: string): string {
  return fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
}

export function named(spans: readonly ReadableSpan[], name: string): ReadableSpan[] {
  return spans.filter((span) => span.name.startsWith(name));
}

/** A span without which the test has failed. */
export function only(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const found = named(spans, name);
  const [span] = found;
  if (!span || found.length > 1) throw new Error(`there are ${found.length} spans ${name}, not one`);
  return span;
}
