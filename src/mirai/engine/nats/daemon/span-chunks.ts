import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';
import type { SpanRecord } from '../../../protocol/span-record.js';
import { longestText, longestTraceState } from '../wire/parts.js';

/** How many spans go in one message. */
const mostSpans = 100;

/** To how many characters the texts of a span are cut that is too large for a message. */
const shortText = 1000;

/** Spans for one message. */
export interface SpanChunk {
  readonly spans: readonly SpanRecord[];
  /** How many bytes they are. */
  readonly bytes: number;
}

/** Spans as messages can hold them, each of so many bytes at most. A span that is larger by itself is cut. */
export function chunksOf(spans: readonly SpanRecord[], mostBytes: number): SpanChunk[] {
  const chunks: { spans: SpanRecord[]; bytes: number }[] = [];
  for (const span of spans) {
    const fitting = bounded(span, mostBytes);
    if (!fitting) {
      diag.warn(`mirai: the span ${span.name} is larger than a message of the server, and is lost`);
      continue;
    }
    const last = chunks.at(-1);
    const hasRoom = last && last.spans.length < mostSpans && last.bytes + fitting.bytes <= mostBytes;
    const chunk = hasRoom ? last : { spans: [], bytes: 0 };
    if (!hasRoom) chunks.push(chunk);
    chunk.spans.push(fitting.span);
    chunk.bytes += fitting.bytes;
  }
  return chunks;
}

function bounded(span: SpanRecord, most: number): { span: SpanRecord; bytes: number } | undefined {
  const bytes = sizeOf(span);
  // One that is shorter than a single text may be has none that is too long.
  const isShort = bytes <= longestText && (span.traceState?.length ?? 0) <= longestTraceState;
  if (isShort && bytes <= most) return { span, bytes };
  const steps = [
    () => cut(span, longestText, Number.POSITIVE_INFINITY),
    () => cut(span, shortText, shortText),
    () => withoutDetails(cut(span, shortText, shortText)),
  ];
  for (const step of steps) {
    const smaller = step();
    const size = sizeOf(smaller);
    if (size <= most) return { span: smaller, bytes: size };
  }
  return undefined;
}

/** With its comma. */
function sizeOf(span: SpanRecord): number {
  return Buffer.byteLength(JSON.stringify(span)) + 1;
}

/** @param text characters of names and the like, at most; @param value of a text among attributes */
function cut(span: SpanRecord, text: number, value: number): SpanRecord {
  const { name, traceState, status, scope, attributes, links, events } = span;
  const short = (long: string) => long.slice(0, text);
  const inner = <T extends { attributes?: Attributes }>(part: T): T =>
    part.attributes ? { ...part, attributes: cutValues(part.attributes, value) } : part;
  return {
    ...span,
    name: short(name),
    traceState: traceState && traceState.length > longestTraceState ? undefined : traceState,
    status: status.message === undefined ? status : { ...status, message: short(status.message) },
    attributes: cutValues(attributes, value),
    links: links.map(inner),
    events: events.map((event) => ({ ...inner(event), name: short(event.name) })),
    scope: {
      name: short(scope.name),
      ...(scope.version !== undefined && { version: short(scope.version) }),
      ...(scope.schemaUrl !== undefined && { schemaUrl: short(scope.schemaUrl) }),
    },
  };
}

function cutValues(attributes: Attributes, most: number): Attributes {
  const short = (value: unknown) => (typeof value === 'string' ? value.slice(0, most) : value);
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      (Array.isArray(value) ? value.map(short) : short(value)) as AttributeValue, // cast: of the type that it was
    ]),
  );
}

function withoutDetails(span: SpanRecord): SpanRecord {
  const { attributes, links, events, dropped } = span;
  return {
    ...span,
    ...{ attributes: {}, links: [], events: [] },
    dropped: {
      attributes: dropped.attributes + Object.keys(attributes).length,
      links: dropped.links + links.length,
      events: dropped.events + events.length,
    },
  };
}
