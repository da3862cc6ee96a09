import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { daemons, mirai, status } from 'otel-promise-domain/mirai';
import { expect, onTestFinished, test } from 'vitest';
import { tasks } from './support.js';

function startMetrics() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  onTestFinished(async () => {
    metrics.disable();
    await provider.shutdown();
  });
  /** The last value of a metric of the profile `compute`. */
  return async (name: string, compute = 'default') => {
    await reader.forceFlush();
    const found =
      exporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((each) => each.metrics) ?? [];
    const metric = found.find(({ descriptor }) => descriptor.name === name);
    return metric?.dataPoints.find(({ attributes }) => attributes['mirai.compute'] === compute)?.value;
  };
}

test('metrics of a profile: tasks by what became of them, times, daemons', async () => {
  const read = startMetrics();
  await daemons(2);
  await mirai(tasks.plain, [1]);
  await mirai(tasks.plain, [2]);
  await expect(mirai(tasks.fails, [])).rejects.toThrow();
  const cancelled = mirai(tasks.plain, [3]);
  cancelled.cancel();
  expect(await read('mirai.tasks.completed')).toBe(4);
  expect(await read('mirai.tasks.failed')).toBe(2);
  expect(await read('mirai.task.run_time')).toMatchObject({ count: 3 });
  expect(await read('mirai.task.queue_time')).toMatchObject({ count: 3 });
  expect(await read('mirai.daemons')).toBe(2);
  await daemons(0);
});

test('the tasks that wait and that run are those of status()', async () => {
  const read = startMetrics();
  await daemons(1, { compute: 'busy' });
  const map = Array.from({ length: 5 }, () => mirai(tasks.untilAborted, [], { compute: 'busy' }));
  expect([await read('mirai.tasks.awaiting', 'busy'), await read('mirai.tasks.executing', 'busy')]).toEqual([
    4, 1,
  ]);
  expect(status('busy').mirai).toMatchObject({ awaiting: 4, executing: 1 });
  for (const each of map) each.cancel();
  expect([await read('mirai.tasks.awaiting', 'busy'), await read('mirai.tasks.executing', 'busy')]).toEqual([
    0, 0,
  ]);
  await daemons(0, { compute: 'busy' });
});
