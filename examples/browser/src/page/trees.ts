import type { ShownSpan } from './shown-span.js';

/** A span with its place in the tree. */
export interface Row {
  readonly span: ShownSpan;
  readonly depth: number;
}

/** The spans of one trace in the order of the tree, children after their parent, by time of start. */
export function rowsOf(spans: readonly ShownSpan[]): Row[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = new Map<string | null, ShownSpan[]>();
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const parent = span.parentSpanId !== null && ids.has(span.parentSpanId) ? span.parentSpanId : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const below = (parent: string | null, depth: number): Row[] =>
    (children.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  return below(null, 0);
}

/** The traces, the one that started last at the end. */
export function tracesOf(spans: readonly ShownSpan[]): ShownSpan[][] {
  const traces = new Map<string, ShownSpan[]>();
  for (const span of spans) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
  return [...traces.values()].sort((a, b) => startOf(a) - startOf(b));
}

export function startOf(spans: readonly ShownSpan[]): number {
  return Math.min(...spans.map((span) => span.start));
}
