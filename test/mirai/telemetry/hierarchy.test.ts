import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as runtime from 'otel-promise-domain/mirai';
import { expect, test } from 'vitest';
import { managers, startTracing } from '../../support/tracing.js';
import { nats } from '../nats/support/library.js';
import { useNatsServer } from '../support/nats-engine.js';
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

const server = await useNatsServer();

test.each([
  ['at least once', {}],
  ['at most once', { delivery: 'at-most-once' }],
] as const)('nats, %s: the same, over the network', async (_, options) => {
  const { finished } = startTracing(new AsyncLocalStorageContextManager());
  await runHierarchy(runtime, nats({ servers: server.url, ...options }));
  checkHierarchy(finished(), server.url);
});

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
