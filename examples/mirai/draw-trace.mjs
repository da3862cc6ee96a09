import { styleText } from 'node:util';
import { SpanStatusCode } from '@opentelemetry/api';
import { endOf, idOf, startOf, walkTree } from './span-tree.mjs';

const TIMELINE = 32;
const COLUMNS = [
  { title: 'span', style: 'bold' },
  { title: 'time', style: 'cyan' },
  { title: 'takes', right: true },
  { title: 'waited', right: true },
  { title: 'daemon', right: true },
  { title: 'links', style: 'dim' },
];

/**
 * The spans as a tree: when each was open, how long, how long its task had waited, on which daemon, and its links.
 *
 * @param {readonly import('@opentelemetry/sdk-trace-base').ReadableSpan[]} spans
 * @param {{ colors: boolean }} options
 */
export function drawTrace(spans, { colors }) {
  const daemonOf = numberDaemons(spans);
  const drawBar = makeTimeline(spans);
  const rows = walkTree(spans).map(({ span, branches }) => [
    `${branches}${span.name} ${span.name === 'mirai' ? span.attributes['mirai.id'] : ''}`.trimEnd(),
    drawBar(span),
    inMilliseconds(endOf(span) - startOf(span)),
    inMilliseconds(queueTimeOf(span)),
    String(daemonOf(span) ?? ''),
    [...arrowsOf(span, spans, daemonOf), ...faultOf(span)].join('  '),
  ]);
  return layOut(rows, colors);
}

/** Daemons are numbered as they connected. Spans of a daemon are linked to its `daemon connect`, or below one that is. */
function numberDaemons(spans) {
  const byId = new Map(spans.map((span) => [idOf(span), span]));
  const connects = spans
    .filter(({ name }) => name.startsWith('daemon connect '))
    .sort((a, b) => startOf(a) - startOf(b))
    .map(idOf);
  return function daemonOf(span) {
    const ids = [idOf(span), ...span.links.map(({ context }) => context.spanId)];
    const at = connects.findIndex((id) => ids.includes(id));
    if (at >= 0) return at + 1;
    const parent = byId.get(span.parentSpanContext?.spanId);
    return parent && daemonOf(parent);
  };
}

function* arrowsOf({ links }, spans, daemonOf) {
  for (const { context } of links) {
    const target = spans.find((span) => idOf(span) === context.spanId);
    // The name without the URL.
    const name = target?.name.replace(/ \w+:.*/, '') ?? context.spanId;
    yield `→ ${name} ${(target && daemonOf(target)) ?? ''}`.trimEnd();
  }
}

function* faultOf({ status }) {
  if (status.code === SpanStatusCode.ERROR) yield `✗ ${status.message}`;
}

function makeTimeline(spans) {
  const from = Math.min(...spans.map(startOf));
  const scale = TIMELINE / (Math.max(...spans.map(endOf)) - from);
  return (span) => {
    const start = Math.min(Math.floor((startOf(span) - from) * scale), TIMELINE - 1);
    const end = Math.max(Math.round((endOf(span) - from) * scale), start + 1);
    const isMoment = (endOf(span) - startOf(span)) * scale < 0.5;
    return `${'·'.repeat(start)}${(isMoment ? '╸' : '━').repeat(end - start)}${'·'.repeat(TIMELINE - end)}`;
  };
}

/** `daemon eval` has it in seconds. */
const queueTimeOf = ({ attributes }) => attributes['mirai.queue_time'] * 1e3;

const inMilliseconds = (time) => (Number.isFinite(time) ? `${time.toFixed(1)} ms` : '');

function layOut(rows, colors) {
  const table = [COLUMNS.map(({ title }) => title), ...rows];
  const widths = COLUMNS.map((_, at) => Math.max(...table.map((cells) => cells[at].length)));
  const lines = table.map((cells, row) =>
    cells
      .map((cell, at) => {
        const { right, style } = COLUMNS[at];
        const padded = right ? cell.padStart(widths[at]) : cell.padEnd(widths[at]);
        const text = at === cells.length - 1 ? padded.trimEnd() : padded;
        return colors && style ? styleText(row === 0 ? 'dim' : style, text) : text;
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}
