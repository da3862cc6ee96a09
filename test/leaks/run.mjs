// Memory checks over the built package: node --expose-gc test/leaks/run.mjs
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { DomainContextManager } from 'otel-promise-domain';
import { checkCollected } from './collected.mjs';
import { checkFlatHeap } from './flat-heap.mjs';

if (typeof globalThis.gc !== 'function') throw new Error('run with node --expose-gc');

/** Spans are real, and nothing keeps them. */
const forgetful = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
const tracer = new BasicTracerProvider({ spanProcessors: [forgetful] }).getTracer('leaks');

function report(title, passed, figures) {
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${title}${figures ? ` (${figures})` : ''}`);
  if (!passed) process.exitCode = 1;
}

for (const [name, manager] of [
  ['stack manager', new StackContextManager()],
  ['DomainContextManager', new DomainContextManager()],
  ['DomainContextManager, fast', new DomainContextManager({ asyncStackTraces: false })],
  ['AsyncLocalStorage manager', new AsyncLocalStorageContextManager()],
]) {
  console.log(name);
  context.setGlobalContextManager(manager.enable());
  await checkCollected(tracer, report);
  await checkFlatHeap(tracer, report);
  context.disable();
}
