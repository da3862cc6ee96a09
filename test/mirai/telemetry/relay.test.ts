import {
  context,
  createTraceState,
  diag,
  propagation,
  type Span,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { daemons, mirai, miraiMap } from 'otel-promise-domain/mirai';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startTracing } from '../../support/tracing.js';
import { useNatsServer } from '../support/nats-engine.js';
import { engineOf } from '../support/pool.js';
import { named, only, tasks } from './support.js';

afterEach(async () => {
  await daemons(0);
});

const engines = ['threads', 'processes', 'inline', 'nats', 'nats at most once'] as const;
const isolated = ['threads', 'processes', 'nats', 'nats at most once'] as const;

await useNatsServer();

function start() {
  return startTracing(new AsyncLocalStorageContextManager());
}

describe.each(engines)('%s', (engine) => {
  test('baggage and trace state reach the task, across await', async () => {
    const { tracer } = start();
    await daemons(1, { engine: engineOf(engine) });
    const span = tracer.startSpan('caller');
    const ids = { ...span.spanContext(), traceState: createTraceState('vendor=1') };
    const baggage = propagation.createBaggage({ user: { value: 'a b' } });
    const active = propagation.setBaggage(trace.setSpanContext(context.active(), ids), baggage);
    const arrived = await context.with(active, () => mirai(tasks.arrived, []));
    expect(arrived).toEqual({ traceId: ids.traceId, tracestate: 'vendor=1', baggage: 'a b' });
  });

  test('what a registered propagator writes is kept, and W3C headers come on top', async () => {
    const { tracer } = start();
    propagation.setGlobalPropagator(new W3CBaggagePropagator());
    onTestFinished(() => propagation.disable());
    await daemons(1, { engine: engineOf(engine) });
    const span = tracer.startSpan('caller');
    const baggage = propagation.createBaggage({ user: { value: 'x' } });
    const active = propagation.setBaggage(trace.setSpan(context.active(), span), baggage);
    const arrived = await context.with(active, () => mirai(tasks.arrived, []));
    expect(arrived).toMatchObject({ traceId: span.spanContext().traceId, baggage: 'x' });
  });

  test('a task that throws has the status miraiError and the exception', async () => {
    const { finished } = start();
    await daemons(1, { engine: engineOf(engine) });
    await expect(mirai(tasks.fails, [])).rejects.toThrow('too far');
    const { status, events } = only(finished(), 'daemon eval');
    expect(status).toEqual({ code: 2, message: 'miraiError' });
    expect(events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'RangeError' } }]);
  });

  test('a result that cannot be copied is an error of the eval', async () => {
    const { finished } = start();
    await daemons(1, { engine: engineOf(engine) });
    await expect(mirai(() => [() => 1], [])).rejects.toThrow('cannot be copied');
    expect(only(finished(), 'daemon eval').status).toEqual({ code: 2, message: 'miraiError' });
  });

  test('a task that ends after it was cancelled has the status miraiInterrupt', async () => {
    const { finished } = start();
    await daemons(1, { engine: engineOf(engine), grace: 60_000 });
    const map = miraiMap([1], tasks.untilAborted, { progress: ({ partial }) => partial > 0 && map.cancel() });
    await map.settled();
    await mirai(tasks.plain, [2]); // the daemon takes it when it is done with the other one
    const [status, next] = named(finished(), 'daemon eval').map((span) => span.status);
    expect([status, next]).toEqual([{ code: 2, message: 'miraiInterrupt' }, { code: 0 }]);
  });

  test('a task that was cancelled while it waited has a mirai and no eval', async () => {
    const { finished } = start();
    await daemons(1, { engine: engineOf(engine) });
    const first = mirai(tasks.spanned, [1]);
    const second = mirai(tasks.spanned, [2]);
    expect(second.cancel()).toBe(true);
    await first;
    await daemons(0);
    expect(named(finished(), 'mirai')).toHaveLength(2);
    expect(named(finished(), 'daemon eval')).toHaveLength(1);
  });

  test('an unsampled caller has unsampled tasks', async () => {
    const { finished } = start();
    await daemons(1, { engine: engineOf(engine) });
    const ids = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.NONE };
    const active = trace.setSpanContext(context.active(), ids);
    expect((await context.with(active, () => mirai(tasks.arrived, []))).traceId).toBe(ids.traceId);
    expect(named(finished(), 'daemon eval')).toEqual([]);
  });
});

describe.each(isolated)('%s', (engine) => {
  test('spans of daemons go to the spanProcessor that was given, with the resource of the host', async () => {
    const { finished } = start();
    const exporter = new InMemorySpanExporter();
    await daemons(1, { engine: engineOf(engine), spanProcessor: new SimpleSpanProcessor(exporter) });
    await mirai(tasks.plain, [1]);
    await daemons(0);
    const relayed = exporter.getFinishedSpans();
    expect(relayed.map(({ name }) => name.split(' ').slice(0, 2).join(' '))).toEqual([
      'daemon connect',
      'daemon eval',
      'daemon disconnect',
    ]);
    expect(finished().map(({ name }) => name.split(' ')[0])).toEqual(['daemons', 'mirai', 'daemons']);
    const { resource } = only(finished(), 'mirai');
    expect(only(relayed, 'daemon eval').resource.attributes).toMatchObject(resource.attributes);
  });

  test('a provider without a processor to be found is warned of once, with the option', async () => {
    const warn = vi.fn();
    start();
    diag.setLogger({ warn, error: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() });
    trace.disable();
    const provider = new BasicTracerProvider();
    trace.setGlobalTracerProvider({ getTracer: (name) => provider.getTracer(name) });
    await daemons(1, { engine: engineOf(engine) });
    await mirai(tasks.spanned, [1]);
    await daemons(0);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('spanProcessor');
  });

  test('a daemon that is lost is disconnected by the host, with links to its connect and to the task', async () => {
    const { finished } = start();
    await daemons(1, { engine: engineOf(engine) });
    await expect(mirai(() => process.exit(1), [])).rejects.toMatchObject({ code: 'daemonLost' });
    await daemons(0);
    const lost = named(finished(), 'daemon disconnect').find(({ status }) => status.code === 2);
    expect(lost?.status).toEqual({ code: 2, message: 'daemonLost' });
    const links = lost?.links.map(({ context }) => context.spanId);
    const [connect] = named(finished(), 'daemon connect');
    expect(links).toEqual([idOf(connect), idOf(only(finished(), 'mirai'))]);
    expect(lost?.parentSpanContext).toBeUndefined();
  });

  test('each try of a task that is lost has a disconnect linked to its mirai', async () => {
    const { finished } = start();
    await daemons(1, { engine: engineOf(engine), retries: 1 });
    await expect(mirai(() => process.exit(1), [])).rejects.toMatchObject({ code: 'daemonLost' });
    await daemons(0);
    const lost = named(finished(), 'daemon disconnect').filter(({ status }) => status.code === 2);
    expect(lost).toHaveLength(2);
    for (const { links } of lost) expect(links[1]?.context.spanId).toBe(idOf(only(finished(), 'mirai')));
  });

  test('roots of daemons are dropped where the daemons set is not sampled', async () => {
    const { finished } = startTracing(new AsyncLocalStorageContextManager());
    const ids = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.NONE };
    await context.with(trace.setSpanContext(context.active(), ids), () =>
      daemons(1, { engine: engineOf(engine) }),
    );
    await mirai(tasks.plain, [1]);
    await daemons(0);
    expect(finished().map(({ name }) => name.split(' ').slice(0, 2).join(' '))).toEqual([
      'mirai',
      'daemon eval',
      'daemons reset',
    ]);
  });
});

test('a task without daemons has its trace too: connect, eval and disconnect of a daemon of its own', async () => {
  const { finished } = start();
  await mirai(tasks.spanned, [1]);
  const { links, resource } = only(finished(), 'daemon eval');
  expect(links.map(({ context }) => context.spanId)).toEqual([idOf(only(finished(), 'daemon connect'))]);
  expect(only(finished(), 'mirai').links).toEqual([]);
  expect(resource.attributes['thread.id']).toBeGreaterThan(0);
});

function idOf(span: ReadableSpan | undefined): string | undefined {
  return (span as Span | undefined)?.spanContext().spanId;
}
