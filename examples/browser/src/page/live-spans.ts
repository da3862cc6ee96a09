import type { Span as ApiSpan } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-web';
import { type ShownSpan, shownSpan } from './shown-span.js';

/** The spans of page and backend, from the moment they start. */
export interface LiveSpans {
  /** To be registered with the SDK of the page. */
  readonly processor: SpanProcessor;
  /** Tells of the spans of the backend as they start and end. */
  readonly backend: EventSource;
  /** To be called when the answer to a request is there: its span is ended later, with the time of the answer. */
  readonly answered: (span: ApiSpan) => void;
  readonly all: () => ShownSpan[];
  /** Forgets all spans but those that run. */
  readonly forget: () => void;
  /** Resolves when no span of the page runs. */
  readonly idle: () => Promise<void>;
}

/** @param changed called after each change */
export function liveSpans(changed: () => void): LiveSpans {
  const spans = new Map<string, ShownSpan>();
  const running = new Set<ReadableSpan>();
  let idleListeners: (() => void)[] = [];

  const put = (span: ShownSpan) => {
    spans.set(span.spanId, span);
    changed();
  };

  const backend = new EventSource('/spans');
  backend.addEventListener('message', ({ data }) => put(JSON.parse(data)));

  return {
    processor: {
      onStart(span: Span) {
        running.add(span);
        put(shownSpan(span));
      },
      onEnd(span) {
        running.delete(span);
        put(shownSpan(span));
        if (running.size > 0) return;
        for (const listener of idleListeners) listener();
        idleListeners = [];
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    },
    backend,
    answered(span) {
      const shown = spans.get(span.spanContext().spanId);
      if (shown) put({ ...shown, end: Date.now() });
    },
    all: () => [...spans.values()],
    forget() {
      for (const span of spans.values()) if (span.end !== null) spans.delete(span.spanId);
    },
    idle: () =>
      new Promise((resolve) => {
        if (running.size === 0) resolve();
        else idleListeners.push(resolve);
      }),
  };
}
