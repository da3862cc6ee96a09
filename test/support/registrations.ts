import { context } from '@opentelemetry/api';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { managers, startTracing } from './tracing.js';

/**
 * The context managers of `managers`, and none. Each with a function that registers it and a real provider, and with
 * one that says what is active where a span has been handed over: nothing, where there is no manager.
 */
export const registrations = [
  ...managers.map(
    ([name, makeManager]) =>
      [name, () => startTracing(makeManager()), (span: string): string | undefined => span] as const,
  ),
  ['absence of a context manager', startTracingWithoutManager, (): string | undefined => undefined] as const,
];

function startTracingWithoutManager() {
  const tracing = startTracing(new StackContextManager());
  context.disable();
  return tracing;
}
