// The trace of a soak: what its host gets of all spans, and whether they hang together.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

/** Registers an SDK that keeps every span. */
export function recordSpans() {
  const spans = [];
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const keep = {
    onStart() {},
    onEnd: (span) => spans.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [keep] }));
  return spans;
}

/** @param evaluated ids of `mirai` spans of tasks that were evaluated; @returns what is wrong, a line each */
export function faultsOf(spans, evaluated, { killed }) {
  const idOf = (span) => span.spanContext().spanId;
  const ids = new Set(spans.map(idOf));
  const named = (name) => spans.filter((span) => span.name === name || span.name.startsWith(`${name} `));
  const evals = named('daemon eval');
  const parents = new Set(evals.map((span) => span.parentSpanContext?.spanId));
  const orphans = spans.filter(
    ({ parentSpanContext: parent }) => parent !== undefined && !ids.has(parent.spanId),
  );
  const links = spans.flatMap((span) => span.links.map(({ context: to }) => ({ from: span.name, to })));
  const loose = links.filter(({ to }) => !ids.has(to.spanId));
  const without = evaluated.filter((id) => !parents.has(id));
  const unlinked = evals.filter((span) => span.links.length !== 1);
  console.log(
    'spans:',
    spans.length,
    'evaluations:',
    evals.length,
    'links to spans that are lost:',
    loose.length,
  );
  return [
    ids.size < spans.length && `${spans.length - ids.size} spans have come twice`,
    orphans.length > 0 && `${orphans.length} spans have no parent, such as ${orphans[0].name}`,
    without.length > 0 && `${without.length} tasks that were evaluated have no span of it`,
    unlinked.length > 0 && `${unlinked.length} evaluations do not say which daemon they were on`,
    // A daemon that is killed before its host has heard of it takes the span of its connection with it: one a slot.
    new Set(loose.map(({ to }) => to.spanId)).size > 2 * killed && `${loose.length} links lead nowhere`,
  ].filter(Boolean);
}
