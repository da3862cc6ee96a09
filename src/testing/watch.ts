import {
  type Context,
  context,
  ProxyTracer,
  type Span,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { contextManager, tracerProvider } from '../otel/context-manager.js';
import { interpose, ownerOf } from './interpose.js';
import { type ContextEntry, watchContexts } from './watch-contexts.js';

/** Is told of everything that happens to spans and contexts in this realm. */
export interface Watcher {
  /** `span` has been started; its parent is what `parent` holds, if that is there. */
  started(span: Span, name: string, parent: Context | undefined): void;
  /** `span.end()` is called; what the call does comes after. */
  ends(span: Span): void;
  /** A context was made active. */
  entered(entry: ContextEntry): void;
  /** It was left: what was active before is active again. */
  left(entry: ContextEntry): void;
}

const watchers = new Set<Watcher>();
const tellAll = (tell: (watcher: Watcher) => void) => watchers.forEach(tell);
const watchedClasses = new Set<object>();
const watchedSpans = new WeakSet<Span>();
let undoAll: (() => void)[] = [];

/**
 * Tells `watcher` until the returned function is called. Tracers, spans and the context manager are watched by the methods
 * that the OpenTelemetry API defines, whichever SDK they are of: wrappers are put there with the first watcher and taken
 * out with the last, and none of them changes a result.
 */
export function watch(watcher: Watcher): () => void {
  watchers.add(watcher);
  if (watchers.size === 1) watchGlobals();
  return () => {
    if (!watchers.delete(watcher) || watchers.size > 0) return;
    for (const undo of undoAll.reverse()) undo();
    undoAll = [];
  };
}

/** Watches what is registered, and what will be. */
function watchGlobals(): void {
  const manager = contextManager();
  if (manager) undoAll.push(watchContexts(manager, tellAll));
  const provider = tracerProvider();
  if (provider) watchProvider(provider);
  undoAll.push(
    interpose(context, 'setGlobalContextManager', (set) => (registered) => {
      const isSet = set.call(context, registered);
      if (isSet && watchers.size > 0) undoAll.push(watchContexts(registered, tellAll));
      return isSet;
    }),
    interpose(trace, 'setGlobalTracerProvider', (set) => (registered) => {
      const isSet = set.call(trace, registered);
      if (isSet && watchers.size > 0) watchProvider(registered);
      return isSet;
    }),
  );
}

/** For as long as there is a watcher. The tracers of an SDK share a class, so those that somebody has already are watched too. */
export function watchProvider(provider: TracerProvider): void {
  const tracer = provider.getTracer('otel-promise-domain/testing');
  if (tracer instanceof ProxyTracer) return; // nothing is registered behind it
  // Reason for the cast: it has the method, as its own or of its class.
  const owner = ownerOf(tracer, 'startSpan') as Tracer;
  if (watchedClasses.has(owner)) return;
  watchedClasses.add(owner);
  const wrap = (startSpan: Tracer['startSpan']): Tracer['startSpan'] =>
    function (this: Tracer, name, options, parent) {
      const span = startSpan.call(this, name, options, parent);
      if (watchers.size > 0 && !watchedSpans.has(span)) {
        watchSpan(span);
        const from = options?.root ? undefined : (parent ?? context.active());
        tellAll((watcher) => watcher.started(span, name, from));
      }
      return span;
    };
  const undo = interpose(owner, 'startSpan', wrap);
  undoAll.push(() => {
    undo();
    watchedClasses.delete(owner);
  });
}

/** Watches every call of `span.end()`: the processors of an SDK are told of the first one only. */
export function watchSpan(span: Span): void {
  if (watchedSpans.has(span)) return;
  watchedSpans.add(span);
  const wrap = (end: Span['end']): Span['end'] =>
    function (this: Span, time) {
      tellAll((watcher) => watcher.ends(span));
      end.call(this, time);
    };
  interpose(span, 'end', wrap);
}
