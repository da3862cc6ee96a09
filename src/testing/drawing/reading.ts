import type { TimelineData, TimelineStep } from '../timeline.js';
import { type Call, collectCalls } from './calls.js';
import { assignChains, type Chain } from './chains.js';
import { type SpanNode, spanTree } from './span-tree.js';

/** A timeline, and what follows from its steps. */
export interface Reading {
  readonly timeline: TimelineData;
  readonly steps: readonly TimelineStep[];
  readonly spans: readonly SpanNode[];
  readonly calls: readonly Call[];
  readonly chains: readonly Chain[];
  /** Whether the step with this index is in a recorded callback or continuation. */
  readonly isInRun: (index: number) => boolean;
  /** The class of the colour of a span, by its label; of none, if there is none. */
  readonly tone: (label: string | undefined) => string;
  /** The `id` of a span, by its label. */
  readonly spanId: (label: string | undefined) => string | undefined;
}

export function readTimeline(timeline: TimelineData): Reading {
  const { steps } = timeline;
  const spans = spanTree(timeline);
  const nodes = new Map(spans.map((node) => [node.span.label, node]));
  const calls = collectCalls(steps);
  const inRun = new Set<number>();
  for (const { runs } of calls) {
    for (const { enter, last } of runs) for (let index = enter; index <= last; index++) inRun.add(index);
  }
  return {
    timeline,
    steps,
    spans,
    calls,
    chains: assignChains(calls),
    isInRun: (index) => inRun.has(index),
    tone: (label) => (label === undefined ? 'none' : (nodes.get(label)?.tone ?? 'none')),
    spanId: (label) => (label === undefined ? undefined : nodes.get(label)?.span.id),
  };
}
