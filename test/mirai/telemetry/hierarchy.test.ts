import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as runtime from 'otel-promise-domain/mirai';
import { expect, test } from 'vitest';
import { managers, startTracing } from '../../support/tracing.js';
import { checkHierarchy, runHierarchy } from './hierarchy.mjs';

const engines = ['threads', 'processes', 'inline'] as const;

test.each(engines)(
  '%s: set, connects, map, lone task, reset and disconnects are one trace',
  async (engine) => {
    const { finished } = startTracing(new AsyncLocalStorageContextManager());
    await runHierarchy(runtime, engine);
    checkHierarchy(finished(), engine);
  },
);

test.each(managers)(
  '%s: the trace is the same under every context manager of the host',
  async (_, create) => {
    const { finished } = startTracing(create());
    await runHierarchy(runtime, 'threads');
    checkHierarchy(finished(), 'threads');
  },
);

test('without tracing nothing is recorded', async () => {
  const { finished } = startTracing(new AsyncLocalStorageContextManager());
  const { trace } = await import('@opentelemetry/api');
  trace.disable();
  await runHierarchy(runtime, 'threads');
  expect(finished()).toEqual([]);
});
