import { describeStep } from '../describe-step.js';
import type { TimelineData } from '../timeline.js';
import { escapeMarkup } from './escape.js';
import { htmlScript } from './html-script.js';
import { htmlStyle } from './html-style.js';
import { type Reading, readTimeline } from './reading.js';
import { scope } from './style.js';
import { drawSVG } from './svg.js';

function spanCell({ tone }: Reading, label: string | undefined): string {
  if (label === undefined) return '<td class="muted">none</td>';
  return `<td class="${tone(label)}">${escapeMarkup(label)}</td>`;
}

function table(caption: string, head: readonly string[], rows: readonly string[]): string {
  const cells = head.map((cell) => `<th scope="col">${cell}</th>`).join('');
  return [
    `<h2>${caption}</h2>`,
    '<table>',
    `<thead><tr>${cells}</tr></thead>`,
    '<tbody>',
    ...rows,
    '</tbody>',
    '</table>',
  ].join('\n');
}

function stepTable(reading: Reading): string {
  const rows = reading.steps.map((step) => {
    const { at, call, span, active } = step;
    const id = reading.spanId(span);
    const about = [
      step.step === 0 ? ' class="first"' : '',
      ` data-step="${escapeMarkup(at)}"`,
      call === undefined ? '' : ` data-call="${call}"`,
      id === undefined ? '' : ` data-span="${escapeMarkup(id)}"`,
    ].join('');
    const cells = `<th scope="row">${escapeMarkup(at)}</th><td>${escapeMarkup(describeStep(step))}</td>`;
    return `<tr tabindex="0"${about}>${cells}${spanCell(reading, active)}</tr>`;
  });
  return table('Steps', ['at', 'what happens', 'active span'], rows);
}

function spanTable(reading: Reading): string {
  const rows = reading.spans.map(({ span, parent, depth }) => {
    const { startedAt, ends, status, message, exceptions, recorded } = span;
    const state = message === undefined ? status : `${status}: ${message}`;
    const cells = [
      startedAt ?? 'outside',
      ends.length === 0 ? 'open' : ends.join(', again '),
      state,
      exceptions.length === 0 ? '' : exceptions.join(', '),
      recorded ? 'yes' : 'no',
    ].map((cell) => `<td>${escapeMarkup(cell)}</td>`);
    const name = spanCell(reading, span.label).replace('<td', `<td style="padding-left:${8 + 16 * depth}px"`);
    const parentCell =
      parent === undefined ? '<td></td>' : spanCell(reading, reading.spans[parent]?.span.label);
    const id = escapeMarkup(span.id);
    return `<tr tabindex="0" data-span="${id}">${name}${parentCell}${cells.join('')}</tr>`;
  });
  return table('Spans', ['span', 'parent', 'started', 'ended', 'status', 'exceptions', 'recorded'], rows);
}

/** A timeline as a page that needs nothing else: the drawing, its steps and its spans. */
export function drawHTML(timeline: TimelineData): string {
  const reading = readTimeline(timeline);
  const title = escapeMarkup(timeline.title?.trim() || 'Timeline');
  const outcome = `The program: ${escapeMarkup(timeline.outcome)}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${title}</title>`,
    `<style>\n${htmlStyle}\n</style>`,
    '</head>',
    '<body>',
    `<main class="${scope}">`,
    `<h1>${title}</h1>`,
    '<div class="drawing" tabindex="0" role="region" aria-label="Drawing">',
    drawSVG(timeline).trimEnd(),
    '</div>',
    '<div class="tables">',
    ...(reading.steps.length === 0 ? [] : [stepTable(reading)]),
    ...(reading.spans.length === 0 ? [] : [spanTable(reading)]),
    '</div>',
    `<p class="muted">${outcome}</p>`,
    '</main>',
    `<script>\n${htmlScript}\n</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
