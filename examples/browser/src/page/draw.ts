import { element } from './element.js';
import type { ShownSpan } from './shown-span.js';
import { rowsOf, startOf, tracesOf } from './trees.js';
import { drawWaterfall } from './waterfall.js';

/**
 * Draws the newest trace of each button into its panel, and what has fallen out of a trace below them, all on one axis
 * of time.
 */
export function drawTraces(spans: readonly ShownSpan[]): void {
  const now = Date.now();
  const period = { start: startOf(spans), end: Math.max(...spans.map((span) => span.end ?? now)) };
  const traces = tracesOf(spans);
  for (const button of ['buy', 'search']) {
    const trace = traces.findLast((candidate) => candidate.some((span) => isClickOn(button, span)));
    if (!trace) continue;
    drawWaterfall(element(`#${button}-trace`), rowsOf(trace), period, `1 trace, ${trace.length} spans`);
  }
  const lost = traces.filter((trace) => !trace.some((span) => span.name === 'click'));
  element('#lost').hidden = lost.length === 0;
  if (lost.length === 0) return;
  const rows = lost.flatMap(rowsOf);
  drawWaterfall(element('#lost'), rows, period, `${lost.length} traces, ${rows.length} spans`);
}

function isClickOn(button: string, { name, attributes }: ShownSpan): boolean {
  return name === 'click' && attributes.target_xpath === `//*[@id="${button}"]`;
}
