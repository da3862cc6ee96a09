import { fileURLToPath } from 'node:url';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { describe, expect, test } from 'vitest';
import { startTracing } from '../../support/tracing.js';
import { openGate } from '../support/gate.js';
import { mirai, status } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { eventually } from './support/eventually.js';
import { ackWait, connectHost, seen } from './support/host.js';
import { natsStatus } from './support/library.js';
import { expectAllSettledOnce, submitLoad } from './support/load.js';
import { launchDaemon, ownServer } from './support/own.js';

const { gate, later } = tasks;
const program = fileURLToPath(new URL('programs/skewed-clock.mjs', import.meta.url));
const hour = 3_600_000;

describe.each([
  ['ahead', hour],
  ['behind', -hour],
])('a daemon whose clock is an hour %s', { timeout: 60_000 }, (_name, skew) => {
  const launch = (url: string) =>
    launchDaemon({ url, nodeArgs: ['--import', program], env: { CLOCK_SKEW: String(skew) } });

  test('runs tasks once each, is seen and keeps its place', async () => {
    const { url } = await ownServer();
    await launch(url);
    await connectHost({ servers: url });
    await seen(1);
    const [before] = status().daemons;
    await expectAllSettledOnce(submitLoad(200), 200, 1);
    expect(await mirai(later.later, ['late', 2 * ackWait])).toBe('late');
    expect(status().daemons.map(({ id }) => id)).toEqual([before?.id]);
    const { daemons } = await natsStatus({ servers: url });
    const [daemon] = daemons;
    const apart = Date.parse(daemon?.startedAt ?? '') - Date.now();
    expect(Math.abs(apart - skew)).toBeLessThan(hour / 2); // it did have that clock
  });

  test('gives queue times that are neither negative nor an hour long', async () => {
    const { finished } = startTracing(new AsyncLocalStorageContextManager());
    const { url } = await ownServer();
    await launch(url);
    await connectHost({ servers: url });
    const { path, next } = await openGate();
    const held = mirai(gate.hold, [path, 'held']);
    const queued = mirai(gate.hold, [path, 'queued']);
    for (let visits = 0; visits < 2; visits++) (await next()).release(visits);
    await Promise.all([held, queued]);
    const evals = () => finished().filter(({ name }) => name === 'daemon eval');
    await eventually(() => evals().length === 2);
    for (const { attributes } of evals()) {
      expect(attributes['mirai.queue_time']).toBeGreaterThanOrEqual(0);
      expect(attributes['mirai.queue_time']).toBeLessThan(hour / 2000);
    }
  });

  test('a timeout of the host is in the time of the host', async () => {
    const { url } = await ownServer();
    await launch(url);
    await connectHost({ servers: url });
    expect(await mirai(later.later, ['in time', 20], { timeout: 50_000 })).toBe('in time');
    const { path } = await openGate();
    await expect(mirai(gate.hold, [path, 'never'], { timeout: 50 })).rejects.toMatchObject({
      code: 'miraiTimeout',
    });
  });
});
