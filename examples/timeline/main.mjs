// Prints the acceptance timeline of the span handoff: the ticks, what is active at each, and the spans it leaves.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { timeline } from './timeline.mjs';

/** Runs the timeline and prints its steps. A tick is a turn of the job queue in which at least one step happens. */
async function show(title, tracer, onSpanEnd = () => {}) {
  let tick = -1;
  let stepInTick = 0;
  let turnOver = true;
  const step = (label) => {
    if (turnOver) {
      turnOver = false;
      tick += 1;
      stepInTick = 0;
      queueMicrotask(() => {
        turnOver = true;
      });
    }
    const active = trace.getActiveSpan()?.name ?? '-';
    console.log(`  t${tick}.${stepInTick++}  ${label.padEnd(38)} ${active}`);
  };
  onSpanEnd((span) => {
    if (span.name === 'async_op') step('span async_op ends');
  });
  console.log(`${title}\n\n  tick  what happens                           active span`);
  await timeline(tracer, step);
}

function printTree(spans, parentId = undefined, indent = '  ') {
  for (const span of spans.filter((span) => span.parentSpanContext?.spanId === parentId)) {
    console.log(`${indent}${span.name}`);
    printTree(spans, span.spanContext().spanId, `${indent}  └─ `);
  }
}

let spanEnded = () => {};
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  spanProcessors: [
    new SimpleSpanProcessor(exporter),
    { onStart() {}, onEnd: (span) => spanEnded(span), forceFlush: async () => {}, shutdown: async () => {} },
  ],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(provider);

await show(
  'BasicTracerProvider and AsyncLocalStorageContextManager',
  trace.getTracer('timeline'),
  (listener) => {
    spanEnded = listener;
  },
);
console.log('\n  spans');
await provider.forceFlush();
printTree(exporter.getFinishedSpans());
await provider.shutdown();

context.disable();
trace.disable();

console.log();
await show('The same with none of it: no provider, no context manager', trace.getTracer('timeline'));
