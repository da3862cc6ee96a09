import {
  type Context,
  context,
  createContextKey,
  diag,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  composePromiseDomains,
  currentPromiseDomain,
  DomainPromise,
  hasOtelPromiseDomain,
  localOtelPromiseDomain,
  localPromiseDomain,
  type PromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { activeName, nameOf } from '../support/tracing.js';
import { type World, words } from './world.js';

const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

const changes: Record<Parameters<World<never>['withContext']>[0], (label: string) => Context> = {
  baggage: (label) =>
    propagation.setBaggage(context.active(), propagation.createBaggage({ label: { value: label } })),
  'root context': () => ROOT_CONTEXT,
  'suppressed tracing': () => context.active().setValue(suppressed, true),
};

/** The library itself, with what OpenTelemetry has registered. */
export function libraryWorld(tracer: Tracer, log: (line: string) => void): World<DomainPromise<unknown>> {
  const disposer = (disposable: Disposable) => () => disposable[Symbol.dispose]();
  const composed = ([first, ...others]: PromiseDomain[]): PromiseDomain =>
    others.reduce(composePromiseDomains, first ?? {});
  return {
    promises: DomainPromise,
    isPromise: (value) => value instanceof DomainPromise,
    nativePromise: (rejected, value) => (rejected ? Promise.reject(value) : Promise.resolve(value)),
    queueJob: (job) => queueMicrotask(job),
    withOtelSpan: (name, { recordErrors }, fn) =>
      withOtelSpan(name, { tracer, recordErrors }, (span) => fn(() => span.isRecording() && span.end())),
    childSpan: (name) => tracer.startSpan(name).end(),
    withContext: (change, label, fn) => context.with(changes[change](label), fn),
    withOtelPromiseDomain,
    localOtelPromiseDomain: () => disposer(localOtelPromiseDomain()),
    withPromiseDomain: (domains, fn, replace) => withPromiseDomain(composed(domains), fn, { replace }),
    localPromiseDomain: (domains, replace) => disposer(localPromiseDomain(composed(domains), { replace })),
    withoutPromiseDomain,
    look() {
      const baggage = propagation.getActiveBaggage()?.getEntry('label')?.value;
      const domain = hasOtelPromiseDomain() ? 'handoff' : currentPromiseDomain() ? 'other' : 'none';
      return words.state(activeName(), baggage, domain);
    },
    log,
  };
}

/** Logs spans as they start and end, and complaints of the SDK, such as that a span is ended twice. */
export function spanLogger(log: (line: string) => void): SpanProcessor {
  const complain = (message: string) => log(`complaint: ${message}`);
  diag.setLogger({ error: complain, warn: complain, info() {}, debug() {}, verbose() {} });
  return {
    onStart: (span, parent) => log(words.spanStarts(span.name, nameOf(trace.getSpan(parent)))),
    onEnd(span: ReadableSpan) {
      const message = span.status.code === SpanStatusCode.ERROR ? span.status.message : undefined;
      log(words.spanEnds(span.name, message, span.events.length));
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
