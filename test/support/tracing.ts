import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  diag,
  type Span,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { onTestFinished } from 'vitest';
import { DomainContextManager } from '../../src/index.js';

/** A context manager of OpenTelemetry, by the name that test titles show. */
export const managers = [
  ['AsyncLocalStorage manager', () => new AsyncLocalStorageContextManager()],
  ['stack manager', () => new StackContextManager()],
  ['DomainContextManager', () => new DomainContextManager()],
] as const satisfies [string, () => ContextManager][];

/** Registers `manager` and a real provider until the running test is over. */
export function startTracing(manager: ContextManager, ...processors: SpanProcessor[]) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter), ...processors],
  });
  context.setGlobalContextManager(manager.enable());
  trace.setGlobalTracerProvider(provider);
  onTestFinished(() => {
    context.disable();
    trace.disable();
    diag.disable();
  });
  return {
    tracer: trace.getTracer('test'),
    provider,
    /** The finished spans in the order in which they ended. */
    finished: (): ReadableSpan[] => exporter.getFinishedSpans(),
    finishedNames: (): string[] => exporter.getFinishedSpans().map((span) => span.name),
  };
}

/** The name of the active span, `undefined` where none is active. */
export function activeName(ctx: Context = context.active()): string | undefined {
  return nameOf(trace.getSpan(ctx));
}

/** Reason for the cast: the spans of the SDK are readable, which the type of the API hides. */
export function nameOf(span: Span | undefined): string | undefined {
  return (span as ReadableSpan | undefined)?.name;
}

const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** A stack manager that counts how often a context is made active, those of exporters at work left out. */
export class CountingContextManager extends StackContextManager {
  activations = 0;

  override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    ctx: Context | null,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    if (!ctx?.getValue(suppressed)) this.activations += 1;
    return super.with(ctx, fn, thisArg, ...args);
  }
}
