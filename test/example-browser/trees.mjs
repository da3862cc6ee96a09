// The spans that page and backend have exported, as text that can be compared.

/**
 * One indented text a trace, siblings and traces in alphabetical order: browsers count time too coarsely to tell which
 * of two spans started first.
 */
export function drawTrees(spans) {
  const traces = new Map();
  for (const span of spans) traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
  return [...traces.values()].map(drawTree).sort();
}

function drawTree(spans) {
  const ids = new Set(spans.map((span) => span.spanId));
  const below = (parentId, indent) =>
    spans
      .filter((span) => span.parentSpanId === parentId)
      .map((span) => `${indent}${label(span)}\n${below(span.spanId, `${indent}  `)}`)
      .sort()
      .join('');
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== null && !ids.has(parentSpanId));
  return `${below(null, '')}${orphans.map((span) => `orphan ${label(span)}\n${below(span.spanId, '  ')}`).join('')}`;
}

function label({ service, name, failed, attributes }) {
  const url = attributes['url.full'] ?? attributes['url.path'];
  const isRequest = /^[A-Z]+( |$)/.test(name);
  const shown = isRequest ? `${name.split(' ')[0]} ${new URL(url, 'http://localhost').pathname}` : name;
  return `${service}: ${shown}${failed ? ' (failed)' : ''}`;
}

/** What is wrong with the spans besides the shape of their trees. */
export function faultsOf(spans) {
  const faults = [];
  const ids = spans.map((span) => span.spanId);
  if (new Set(ids).size !== ids.length) faults.push('a span was exported twice');
  for (const span of spans) {
    if (!(span.end >= span.start)) faults.push(`${label(span)} ends before it starts, or not at all`);
  }
  return faults;
}
