import { type Context, context, type Span, type TracerProvider, trace } from '@opentelemetry/api';
import { aside } from '../errors.js';
import { contextManager, tracerProvider } from '../otel/context-manager.js';
import { interpose } from './interpose.js';
import { type ContextEntry, watchContexts } from './watch-contexts.js';
import { watchEnd, watchTracersOf } from './watch-tracers.js';

/** Is told of everything that happens to spans and contexts in this realm. */
export interface Watcher {
  /** `span` has been started in the context `active`; its parent is what `parent` holds, if that is there. */
  started(span: Span, name: string, parent: Context | undefined, active: Context): void;
  /** `span.end()` is called; what the call does comes after. */
  ends(span: Span): void;
  /** A context was made active. */
  entered(entry: ContextEntry): void;
  /** It was left: what was active before is active again. */
  left(entry: ContextEntry): void;
}

/** Tells every watcher, by one of its methods; what they throw changes nothing for who is watched. */
export type TellAll = (tell: (watcher: Watcher) => void) => void;

const watchers = new Set<Watcher>();
let undoAll: (() => void)[] = [];

const tellAll: TellAll = (tell) => {
  for (const watcher of watchers) aside(() => tell(watcher));
};

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

/** Watches the end of a span that was started outside of what is watched. */
export function watchSpan(span: Span): void {
  watchEnd(span, tellAll);
}

/** For as long as there is a watcher. */
export function watchProvider(provider: TracerProvider): void {
  if (watchers.size > 0) undoAll.push(watchTracersOf(provider, tellAll));
}

/** Watches what is registered, and what will be. */
function watchGlobals(): void {
  const watchManager = (manager = contextManager()) => {
    if (manager && watchers.size > 0) undoAll.push(watchContexts(manager, tellAll));
  };
  watchManager();
  const provider = tracerProvider();
  if (provider) watchProvider(provider);
  undoAll.push(
    interpose(context, 'setGlobalContextManager', (set) => (manager) => {
      const isSet = set.call(context, manager);
      if (isSet) watchManager(manager);
      return isSet;
    }),
    interpose(trace, 'setGlobalTracerProvider', (set) => (registered) => {
      const isSet = set.call(trace, registered);
      if (isSet) watchProvider(registered);
      return isSet;
    }),
  );
}
