import type { TracerProvider } from '@opentelemetry/api';
import type { DomainPromise } from 'otel-promise-domain';
import {
  assertHandOff,
  assertSpanEnd,
  assertSpanStart,
  type LeakWatch,
  recordTimeline,
  type Timeline,
  type TimelineSpan,
  type TimelineStep,
  watchLeaks,
} from 'otel-promise-domain/testing';
import { exactly } from './exactly.js';

declare const provider: TracerProvider;

const ofPromise = await recordTimeline(async ({ tracer, mark, tick }) => {
  mark(tracer.startSpan('op').spanContext().spanId);
  exactly<DomainPromise<void>>()(tick());
  return 42;
});
exactly<Timeline<number>>()(ofPromise);
if (ofPromise.result.status === 'fulfilled') exactly<number>()(ofPromise.result.value);
exactly<readonly TimelineStep[]>()(ofPromise.steps);
exactly<readonly TimelineSpan[]>()(ofPromise.spans);
exactly<string>()(ofPromise.toSVG() + ofPromise.toHTML() + ofPromise.toMermaid() + ofPromise.toString());

const ofValue = await recordTimeline(() => 'text', { tracerProvider: provider, title: 'title', timeout: 1 });
exactly<Timeline<string>>()(ofValue);

// An option may be there and undefined.
await recordTimeline(() => {}, { tracerProvider: undefined, title: undefined, timeout: undefined });
assertHandOff(ofValue, 'op', { at: undefined });
assertSpanStart(ofValue, 'op', { at: 't0', parent: null });
assertSpanEnd(ofValue, 'op', { at: 't0.1', once: true, status: 'error' });

exactly<LeakWatch>()(await watchLeaks({ ignore: ({ kind, name }) => kind === 'span' && name === 'op' }));

// @ts-expect-error a program is a function
void recordTimeline('text');
// @ts-expect-error the tick is no number
assertHandOff(ofValue, 'op', { at: 1 });
// @ts-expect-error there is no such status
assertSpanEnd(ofValue, 'op', { status: 'failed' });
const promised = recordTimeline(() => {});
// @ts-expect-error a promise of a timeline is none
assertHandOff(promised, 'op');
