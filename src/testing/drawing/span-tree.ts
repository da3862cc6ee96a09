import type { TimelineData, TimelineSpan } from '../timeline.js';
import { spanTone } from './palette.js';

/** A span at its place in the tree. */
export interface SpanNode {
  readonly span: TimelineSpan;
  readonly depth: number;
  /** The place of the parent among the nodes. */
  readonly parent?: number;
  /** The class of its colour. */
  readonly tone: string;
}

function unlisted(label: string): TimelineSpan {
  return { id: label, name: label, label, ends: [], status: 'unset', exceptions: [], recorded: true };
}

/** The spans of a timeline, and any other that its steps name. */
function allSpans({ spans, steps }: TimelineData): readonly TimelineSpan[] {
  const known = new Map(spans.map((span) => [span.label, span]));
  for (const { span, active } of steps) {
    for (const label of [span, active]) {
      if (label !== undefined && !known.has(label)) known.set(label, unlisted(label));
    }
  }
  return [...known.values()];
}

/** The spans as a tree, each after its parent. */
export function spanTree(timeline: TimelineData): readonly SpanNode[] {
  const spans = allSpans(timeline);
  const ids = new Set(spans.map((span) => span.id));
  const byParent = new Map<string | undefined, TimelineSpan[]>();
  for (const span of spans) {
    const parent = span.parent !== undefined && ids.has(span.parent) ? span.parent : undefined;
    const siblings = byParent.get(parent);
    if (siblings === undefined) byParent.set(parent, [span]);
    else siblings.push(span);
  }

  const tones = new Map(spans.map((span, index) => [span, spanTone(index)]));
  const nodes: SpanNode[] = [];
  const placed = new Set<TimelineSpan>();
  function add(span: TimelineSpan, depth: number, parent: number | undefined): void {
    if (placed.has(span)) return;
    placed.add(span);
    const place = nodes.push({
      span,
      depth,
      ...(parent !== undefined && { parent }),
      tone: tones.get(span) ?? 'ink',
    });
    for (const child of byParent.get(span.id) ?? []) add(child, depth + 1, place - 1);
  }
  for (const span of byParent.get(undefined) ?? []) add(span, 0, undefined);
  for (const span of spans) add(span, 0, undefined); // what is its own ancestor
  return nodes;
}
