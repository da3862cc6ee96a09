import { context, propagation, trace } from '@opentelemetry/api';
import { currentTask } from 'otel-promise-domain/mirai';

const tracer = trace.getTracer('work', '1.0.0');

export function plain(x) {
  return x;
}

/** Opens a span that lasts over an await of a native promise, and one below it after that. */
export async function spanned(x) {
  return tracer.startActiveSpan('outer', { attributes: { x } }, async (span) => {
    await new Promise((resolve) => setImmediate(resolve));
    tracer.startSpan('inner').end();
    span.addEvent('done', { x });
    span.end();
    return x;
  });
}

export function fails() {
  throw new RangeError('too far');
}

/** What of the caller's context has arrived. */
export async function arrived() {
  await null;
  const span = trace.getSpanContext(context.active());
  return {
    traceId: span?.traceId,
    tracestate: span?.traceState?.serialize(),
    baggage: propagation.getActiveBaggage()?.getEntry('user')?.value,
  };
}

/** Tells that it runs, and returns when it is cancelled. */
export async function untilAborted() {
  const task = currentTask();
  task.progress(0.5);
  await new Promise((resolve) => task.signal.addEventListener('abort', resolve));
}
