import { type Context, type Span, trace } from '@opentelemetry/api';
import { ownerNow, ownerNowOr, recordingOf } from './ownership.js';
import type { Recording, StepRecord } from './recording.js';
import { validSpan } from './spans.js';
import type { Watcher } from './watch.js';
import type { ContextEntry } from './watch-contexts.js';

/** Adds what happens to spans to the recordings whose programs do it. */
export function recordSpans(): Watcher {
  const entries = new WeakMap<ContextEntry, Entered>();

  return {
    started(span, name, parentContext, active) {
      const parent = parentContext && spanOf(parentContext);
      ownerNowOr(parent)?.start(span, name, parent, spanOf(active));
    },

    ends(span) {
      for (const recording of new Set([recordingOf(span), ownerNow()])) recording?.end(span);
    },

    entered(entry) {
      const inner = spanOf(entry.inner);
      const outer = spanOf(entry.outer);
      const recording = ownerNowOr(inner ?? outer);
      if (!recording) return;
      const step = isSame(inner, outer) ? undefined : recording.activate(inner, outer);
      const state = { over: false };
      if (entry.attached) recording.install(inner ? 'context of a span' : 'context', state, step);
      entries.set(entry, { recording, inner, outer, step, state });
    },

    left(entry) {
      const entered = entries.get(entry);
      if (!entered) return;
      entered.state.over = true;
      const { recording, step, inner, outer } = entered;
      if (step && !recording.isRetracted(step)) recording.deactivate(inner, outer);
    },
  };
}

interface Entered {
  readonly recording: Recording;
  readonly inner: Span | undefined;
  readonly outer: Span | undefined;
  readonly step: StepRecord | undefined;
  readonly state: { over: boolean };
}

function spanOf(context: Context): Span | undefined {
  return validSpan(trace.getSpan(context));
}

function isSame(one: Span | undefined, other: Span | undefined): boolean {
  return one?.spanContext().spanId === other?.spanContext().spanId;
}
