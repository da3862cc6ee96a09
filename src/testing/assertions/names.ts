import type { TimelineData, TimelineSpan, TimelineStep } from '../timeline.js';

/** The spans that somebody means by `name`: the one with this label, or all with this name. */
export function spansNamed({ spans }: TimelineData, name: string): readonly TimelineSpan[] {
  const named = spans.filter((span) => span.name === name);
  return named.length > 0 ? named : spans.filter((span) => span.label === name);
}

/** `no span is named a; the spans are b, c`. */
export function noSpanNamed({ spans }: TimelineData, name: string): string {
  const labels = spans.map(({ label }) => label);
  return `no span is named ${name}; ${labels.length > 0 ? `the spans are ${atMost(20, labels).join(', ')}` : none}`;
}

const none =
  'there are no spans (where some were started, see whether `npm ls @opentelemetry/api` has two copies)';

/** The steps at `t1.0`, or all of the tick `t1`. */
export function stepsAt({ steps }: TimelineData, at: string): readonly TimelineStep[] {
  return steps.filter((step) => step.at === at || `t${step.tick}` === at);
}

export function listOf(places: readonly string[]): string {
  return places.length < 2 ? (places[0] ?? '') : `${places.slice(0, -1).join(', ')} and ${places.at(-1)}`;
}

/** The first of `lines`, and how many there are besides. */
export function atMost(most: number, lines: readonly string[]): readonly string[] {
  return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines;
}
