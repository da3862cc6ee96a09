import type { TimelineData } from '../timeline.js';
import { escapeMarkup } from './escape.js';
import { findings } from './findings.js';
import { type Layout, layoutTimeline } from './layout.js';
import type { Reading } from './reading.js';
import { number, renderGroup } from './render-shape.js';
import { drawingStyle, scope } from './style.js';

function count(amount: number, one: string, more = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : more}`;
}

/** The drawing in one sentence. */
function summary(reading: Reading): string {
  const { steps, spans, chains, timeline } = reading;
  const ticks = new Set(steps.map((step) => step.tick)).size;
  const facts = [
    `${count(steps.length, 'step')} in ${count(ticks, 'tick')}`,
    count(spans.length, 'span'),
    count(chains.length, 'promise chain'),
    timeline.outcome,
    ...findings(reading).map((finding) => finding.text),
  ];
  return `${facts.filter(Boolean).join('; ')}.`;
}

function write({ reading, width, height, columns, groups, gutter, cover }: Layout): string {
  const size = `width="${number(width)}" height="${number(height)}"`;
  const box = `viewBox="0 0 ${number(width)} ${number(height)}"`;
  const title = reading.timeline.title?.trim() || 'Timeline';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${scope}" role="img" ${size} ${box}>`,
    `<title>${escapeMarkup(title)}</title>`,
    `<desc>${escapeMarkup(summary(reading))}</desc>`,
    `<style>${drawingStyle()}</style>`,
    `<rect class="paper" width="${number(width)}" height="${number(height)}" rx="6"/>`,
    ...groups.map((group) => renderGroup(group, columns)),
    '<g class="gutter">',
    `<rect class="paper" y="${number(cover.top)}" width="${number(cover.width)}" height="${number(cover.height)}"/>`,
    ...gutter.map((group) => renderGroup(group, columns)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** A timeline as a drawing: a lane for each span and each promise chain, the ticks across. */
export function drawSVG(timeline: TimelineData): string {
  return write(layoutTimeline(timeline));
}
