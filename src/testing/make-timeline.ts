import { SpanStatusCode } from '@opentelemetry/api';
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

/** Where the code is that started a span or installed something, for failure messages; it differs between machines. */
export interface Sites {
  readonly spans: ReadonlyMap<string, string>;
  /** What was installed and not disposed. */
  readonly installed: readonly {
    readonly what: string;
    readonly at: string | undefined;
    readonly site: string;
  }[];
}

const sitesOf = new WeakMap<TimelineData, Sites>();

/** Apart from the timeline, which is the same everywhere. */
export function sites(timeline: TimelineData): Sites {
  return sitesOf.get(timeline) ?? { spans: new Map(), installed: [] };
}

export function makeTimeline<T>(
  recording: Recording,
  result: PromiseSettledResult<T>,
  title: string | undefined,
): Timeline<T> {
  const labels = labelsOf(recording.spans);
  const idOf = (span: SpanRecord) => `s${recording.spans.indexOf(span) + 1}`;
  const data: TimelineData = {
    ...(title === undefined ? {} : { title }),
    steps: recording.steps.map((step) => makeStep(step, labels)),
    spans: recording.spans.map((span) => makeSpan(span, idOf, labels)),
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
    spans: new Map(recording.spans.map((span) => [idOf(span), span.site ?? 'a place that is not known'])),
    installed: recording.installations
      .filter(({ state, step }) => !state.over && !(step && recording.isRetracted(step)))
      .map(({ what, step, site }) => ({ what, at: step?.at, site: site ?? 'a place that is not known' })),
  });
  return timeline;
}

function makeStep(step: StepRecord, labels: ReadonlyMap<SpanRecord, string>): TimelineStep {
  const { tick, at, kind, span, active, label, note, method, call } = step;
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
  });
}

function makeSpan(
  record: SpanRecord,
  idOf: (span: SpanRecord) => string,
  labels: ReadonlyMap<SpanRecord, string>,
): TimelineSpan {
  const { status, events = [] }: Readable = record.span as Readable; // cast: whatever it has beside the API
  const exceptions = events.filter(({ name }) => name === 'exception');
  return withoutAbsent({
    id: idOf(record),
    name: nameOf(record),
    label: labels.get(record) ?? nameOf(record),
    parent: record.parent && idOf(record.parent),
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
  const names = new Set(spans.map(nameOf));
  const taken = new Set<string>();
  for (const span of spans) {
    const name = nameOf(span);
    const isOnly = spans.filter((other) => nameOf(other) === name).length === 1;
    let label = name;
    for (let number = 1; !isOnly && (names.has(label) || taken.has(label)); number++)
      label = `${name} (${number})`;
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
