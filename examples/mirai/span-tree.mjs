/** The life of the pool goes around what it did, which is in the place of `undefined`. */
const AROUND = ['daemons set', 'daemon connect', undefined, 'daemons reset', 'daemon disconnect'];

/**
 * The spans in the order of a tree, parents before their children, each with the branches that lead to it.
 *
 * @param {readonly import('@opentelemetry/sdk-trace-base').ReadableSpan[]} spans
 */
export function walkTree(spans) {
  const known = new Set(spans.map(idOf));
  const childrenOf = new Map();
  for (const span of spans) {
    const parent = span.parentSpanContext?.spanId;
    const key = known.has(parent) ? parent : undefined;
    childrenOf.set(key, [...(childrenOf.get(key) ?? []), span]);
  }
  for (const children of childrenOf.values())
    children.sort((a, b) => rankOf(a) - rankOf(b) || startOf(a) - startOf(b));

  const rows = [];
  const walk = (children, lead) => {
    for (const [at, span] of children.entries()) {
      const last = at === children.length - 1;
      rows.push({ span, branches: `${lead}${last ? '└─ ' : '├─ '}` });
      walk(childrenOf.get(idOf(span)) ?? [], `${lead}${last ? '   ' : '│  '}`);
    }
  };
  for (const span of childrenOf.get(undefined) ?? []) {
    rows.push({ span, branches: '' });
    walk(childrenOf.get(idOf(span)) ?? [], '');
  }
  return rows;
}

export const idOf = (span) => span.spanContext().spanId;

/** Milliseconds since 1970. */
export const startOf = (span) => toMilliseconds(span.startTime);
export const endOf = (span) => toMilliseconds(span.endTime);

const toMilliseconds = ([seconds, nanoseconds]) => seconds * 1e3 + nanoseconds / 1e6;

function rankOf({ name }) {
  const rank = AROUND.findIndex((start) => start !== undefined && name.startsWith(`${start} `));
  return rank < 0 ? AROUND.indexOf(undefined) : rank;
}
