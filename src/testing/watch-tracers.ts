import {
  type Context,
  context,
  ProxyTracer,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { interpose, ownerOf } from './interpose.js';
import { keyOfSpan, validSpan } from './spans.js';
import type { TellAll } from './watch.js';
import type { ContextEntry } from './watch-contexts.js';

/** What is watched now, each once: providers, and the objects that have the methods of their tracers. */
const watched = new Set<object>();

/**
 * Tells of the spans that tracers of `provider` start, until the returned function is called: those that it gives from now
 * on, and all that share their class, as those of an SDK do.
 */
export function watchTracersOf(provider: TracerProvider, tellAll: TellAll): () => void {
  const undoAll: (() => void)[] = [];
  const once = (object: object, watch: () => (() => void)[]) => {
    if (watched.has(object)) return;
    watched.add(object);
    undoAll.push(...watch(), () => watched.delete(object));
  };
  const watchTracer = (tracer: Tracer): void => {
    if (tracer instanceof ProxyTracer) return; // it goes on to one of a provider, or to nothing
    // Reason for the cast: it has the method, as its own or of its class.
    const owner = ownerOf(tracer, 'startSpan') as Tracer;
    once(owner, () => [
      interpose(owner, 'startSpan', (startSpan) => telling(startSpan, tellAll)),
      interpose(owner, 'startActiveSpan', (startActiveSpan) => announcing(startActiveSpan)),
    ]);
  };
  // The API registers a provider in a wrapper of its own.
  const { getDelegate } = provider as { getDelegate?: () => TracerProvider };
  for (const each of new Set([provider, getDelegate?.call(provider) ?? provider])) {
    once(each, () => [
      interpose(each, 'getTracer', (getTracer) => (...identity) => {
        const tracer = getTracer.apply(each, identity);
        watchTracer(tracer);
        return tracer;
      }),
    ]);
    watchTracer(each.getTracer('otel-promise-domain/testing'));
  }
  return () => {
    for (const undo of undoAll.reverse()) undo();
  };
}

const toldSpans = new WeakSet<Span>();

/** What a call of `startActiveSpan` is about to start. */
let announced: { name: string; parent: Context | undefined } | undefined;

/** `startActiveSpan`, for tracers that hand the whole call on to another one, whose `startSpan` is not watched. */
function announcing(startActiveSpan: Tracer['startActiveSpan']): Tracer['startActiveSpan'] {
  return function (this: Tracer, name: string, ...args: unknown[]) {
    const [options, parent] = args as [SpanOptions?, Context?]; // cast: as far as they are there
    const from = args.length > 2 ? parent : context.active();
    announced = { name, parent: args.length > 1 && options?.root ? undefined : from };
    try {
      return Reflect.apply(startActiveSpan, this, [name, ...args]);
    } finally {
      announced = undefined;
    }
  };
}

/** To be called when `inner` becomes active in the place of `outer`, before that is told. */
export function tellAnnounced({ inner, outer }: ContextEntry, tellAll: TellAll): void {
  const span = validSpan(trace.getSpan(inner));
  if (!announced || !span || toldSpans.has(span)) return;
  const { name, parent } = announced;
  tellStarted(span, name, parent, outer, tellAll);
}

function tellStarted(
  span: Span,
  name: string,
  parent: Context | undefined,
  active: Context,
  tellAll: TellAll,
): void {
  announced = undefined;
  toldSpans.add(span);
  watchEnd(span, tellAll);
  tellAll((watcher) => watcher.started(span, name, parent, active));
}

/** `startSpan`, what it returns told of. The tracers of an SDK come here from `startActiveSpan` as well. */
function telling(startSpan: Tracer['startSpan'], tellAll: TellAll): Tracer['startSpan'] {
  return function (this: Tracer, ...args) {
    const span = startSpan.apply(this, args);
    const [name, options, parent] = args;
    const active = context.active();
    if (validSpan(span) && !toldSpans.has(span))
      tellStarted(span, name, options?.root ? undefined : (parent ?? active), active, tellAll);
    return span;
  };
}

const watchedSpans = new WeakSet<Span>();
const ending = new Set<string>();

/** Tells of every call of `span.end()`: the processors of an SDK are told of the first one only. */
export function watchEnd(span: Span, tellAll: TellAll): void {
  if (watchedSpans.has(span)) return;
  watchedSpans.add(span);
  interpose(
    span,
    'end',
    (end) =>
      function (this: Span, ...args) {
        const key = keyOfSpan(span);
        if (ending.has(key)) return end.apply(this, args); // a wrapper of it has told
        ending.add(key);
        try {
          tellAll((watcher) => watcher.ends(span));
          return end.apply(this, args);
        } finally {
          ending.delete(key);
        }
      },
  );
}
