import {
  type Context,
  context,
  diag,
  isSpanContextValid,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { isError } from '../protocol/describe.js';
import type { DaemonStart, EvalBrief, Run, SpanIds } from '../protocol/messages.js';
import type { SpanRecord } from '../protocol/span-record.js';
import { endpointAttributes } from '../telemetry/attributes.js';
import { fromCarrier } from '../telemetry/carrier.js';
import { RecordedSpan } from '../telemetry/recorded-span.js';
import type { Recorder } from '../telemetry/recorder.js';
import { tracer } from '../telemetry/scope.js';
import type { Outcome } from './evaluate.js';

/** How long an SDK of the daemon's own may take to hand over its last spans, in ms. */
const flushTime = 10_000;

const noSpans: readonly SpanRecord[] = [];

/** The spans of a daemon. */
export class DaemonTelemetry {
  readonly #start: DaemonStart;
  readonly #recorder: Recorder | undefined;
  #connect: Link[] = [];

  /** @param recorder where spans are collected for the host, unless the daemon has an SDK of its own */
  constructor(start: DaemonStart, recorder: Recorder | undefined) {
    this.#start = start;
    this.#recorder = recorder;
  }

  /** The spans that ended since the last time, for the host. */
  take(): readonly SpanRecord[] {
    return this.#recorder?.take() ?? noSpans;
  }

  /** Records that the daemon has connected. @returns what identifies the span, if there is one */
  connected(): SpanIds | undefined {
    if (!this.#start.tracing) return undefined;
    const connected = this.#record('connect');
    if (!isSpanContextValid(connected)) return undefined;
    this.#connect = [{ context: connected }];
    const { traceId, spanId, traceFlags } = connected;
    return { traceId, spanId, traceFlags };
  }

  disconnected(): void {
    if (this.#start.tracing) this.#record('disconnect');
  }

  /**
   * Starts the `daemon eval` of a task that came with a context.
   *
   * @param started in ms since the epoch
   * @param waited in ms
   */
  startEval(run: Run, started: number, waited: number): { span: Span; context: Context } | undefined {
    if (!run.trace) return undefined;
    const parent = fromCarrier(run.trace);
    const attributes = { 'mirai.id': run.id, 'mirai.queue_time': waited / 1000 };
    const options = { kind: SpanKind.SERVER, attributes, links: this.#connect, startTime: started };
    const span = tracer().startSpan('daemon eval', options, parent);
    return { span, context: trace.setSpan(parent, span) };
  }

  /** @returns what the host makes the span of, where that is enough */
  endEval(span: Span, outcome: Outcome | undefined, aborted: boolean): EvalBrief | undefined {
    if (aborted) span.setStatus({ code: SpanStatusCode.ERROR, message: 'miraiInterrupt' });
    else if (outcome?.kind === 'failure') {
      if (isError(outcome.thrown)) span.recordException(outcome.thrown);
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'miraiError' });
    }
    const times = span instanceof RecordedSpan ? span.endPlain() : undefined;
    if (times) return [span.spanContext().spanId, ...times[0], ...times[1]];
    span.end();
    return undefined;
  }

  /** Lets an SDK of the daemon's own export what it has. */
  async flush(): Promise<void> {
    if (this.#recorder) return;
    // Reason for the casts: the API wraps what was registered, and says nothing of flushing, which all SDKs have.
    const provider = trace.getTracerProvider() as { getDelegate?: () => unknown };
    const delegate = (provider.getDelegate?.() ?? provider) as { forceFlush?: () => Promise<void> };
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, flushTime);
    });
    try {
      await Promise.race([delegate.forceFlush?.(), tooLong]);
    } catch (error) {
      diag.warn('mirai: the last spans of a daemon were not exported', error);
    } finally {
      clearTimeout(timer);
    }
  }

  #record(what: 'connect' | 'disconnect') {
    const { endpoint } = this.#start;
    const options = { root: true, attributes: endpointAttributes(endpoint), links: this.#connect };
    const span = tracer().startSpan(`daemon ${what} ${endpoint.url}`, options, context.active());
    span.end();
    return span.spanContext();
  }
}
