import { SpanStatusCode } from '@opentelemetry/api';
import { siteOf } from './call-site.js';
import { describe } from './describe-value.js';
import { drawHTML } from './drawing/html.js';
import { drawSVG } from './drawing/svg.js';
import { drawMermaid } from './mermaid.js';
import type { Recording, SpanRecord, StepRecord } from './recording.js';
import { nameOfSpan } from './spans.js';
import { drawText } from './text.js';
import type { Timeline, TimelineData, TimelineSpan, TimelineStep } from './timeline.js';

/** What is read of spans beyond the OpenTelemetry API; the spans of its SDKs have it. */
interface Readable {
  readonly status?: { readonly code?: SpanStatusCode; readonly message?: string };
  readonly events?: readonly {
    readonly name: string;
    readonly attributes?: Readonly<Record<string, unknown>>;
  }[];
}

/** What is told in failure messages besides the timeline itself, since it is not the same on every machine. */
export interface Sites {
  /** The place in the code that started the span with this id. */
  ofSpan(id: string): string;
  /** What was installed and not disposed. */
  readonly installed: readonly {
    readonly what: string;
    readonly at: string | undefined;
    readonly site: string;
  }[];
}

const sitesOf = new WeakMap<TimelineData, Sites>();

export function sites(timeline: TimelineData): Sites {
  return sitesOf.get(timeline) ?? { ofSpan: () => siteOf(undefined), installed: [] };
}

export function makeTimeline<T>(
  recording: Recording,
  result: PromiseSettledResult<T>,
  title: string | undefined,
): Timeline<T> {
  const labels = labelsOf(recording.spans);
  const ids = new Map(recording.spans.map((span, index) => [span, `s${index + 1}`]));
  const data: TimelineData = {
    ...(title === undefined ? {} : { title }),
    steps: recording.steps.map((step) => makeStep(step, labels)),
    spans: recording.spans.map((span) => makeSpan(span, ids, labels)),
    outcome: result.status === 'fulfilled' ? 'fulfilled' : `rejected: ${describe(result.reason)}`,
  };
  const timeline: Timeline<T> = {
    ...data,
    result,
    toString: () => drawText(data),
    toMermaid: () => drawMermaid(data),
    toSVG: () => drawSVG(data),
    toHTML: () => drawHTML(data),
  };
  sitesOf.set(timeline, {
    ofSpan: (id) => siteOf(recording.spans[Number(id.slice(1)) - 1]?.calls),
    installed: recording.installations
      .filter(({ state, step }) => !state.over && !(step && recording.isRetracted(step)))
      .map(({ what, step, calls }) => ({ what, at: step?.at, site: siteOf(calls) })),
  });
  return timeline;
}

function makeStep(step: StepRecord, labels: ReadonlyMap<SpanRecord, string>): TimelineStep {
  const { tick, at, kind, isLater, span, active, label, note, method, call } = step;
  return withoutAbsent({
    tick,
    step: step.step,
    at,
    kind,
    span: span && labels.get(span),
    label,
    note,
    method,
    call: call?.number,
    follows: step.kind.endsWith('captured') ? call?.follows : undefined,
    active: active && labels.get(active),
    later: isLater || undefined,
  });
}

function makeSpan(
  record: SpanRecord,
  ids: ReadonlyMap<SpanRecord, string>,
  labels: ReadonlyMap<SpanRecord, string>,
): TimelineSpan {
  const { status, events = [] }: Readable = record.span as Readable; // cast: whatever it has beside the API
  const exceptions = events.filter(({ name }) => name === 'exception');
  return withoutAbsent({
    id: ids.get(record) ?? '',
    name: nameOf(record),
    label: labels.get(record) ?? nameOf(record),
    parent: record.parent && ids.get(record.parent),
    startedAt: record.startedAt,
    endedAt: record.ends[0],
    ends: [...record.ends],
    status: statuses[status?.code ?? SpanStatusCode.UNSET],
    message: status?.message,
    exceptions: exceptions.map(({ attributes }) => String(attributes?.['exception.type'] ?? 'an exception')),
    recorded: status !== undefined,
  });
}

const statuses = {
  [SpanStatusCode.UNSET]: 'unset',
  [SpanStatusCode.OK]: 'ok',
  [SpanStatusCode.ERROR]: 'error',
} as const;

/** Names that occur more than once are numbered, in the order of the spans. */
function labelsOf(spans: readonly SpanRecord[]): ReadonlyMap<SpanRecord, string> {
  const labels = new Map<SpanRecord, string>();
  const counts = new Map<string, number>();
  for (const span of spans) counts.set(nameOf(span), (counts.get(nameOf(span)) ?? 0) + 1);
  const taken = new Set(counts.keys());
  const numbers = new Map<string, number>();
  for (const span of spans) {
    const name = nameOf(span);
    let number = numbers.get(name) ?? 0;
    let label = name;
    if (counts.get(name) !== 1)
      do label = `${name} (${++number})`;
      while (taken.has(label));
    numbers.set(name, number);
    taken.add(label);
    labels.set(span, label);
  }
  return labels;
}

/** The name at the end: it may have been updated. */
function nameOf({ span, startName }: SpanRecord): string {
  return nameOfSpan(span) ?? startName ?? 'a span without a name';
}

/** Reason for the cast: what is left out may be absent. */
function withoutAbsent<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
