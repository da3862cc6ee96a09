import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { describe, expect, test } from 'vitest';
import { toFrame } from '../../../src/mirai/engine/nats/wire/frame.js';
import { startTracing } from '../../support/tracing.js';
import { openGate } from '../support/gate.js';
import { importTasks, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { hostileDaemon, hostileHost, subjects } from './support/hostile.js';
import { launchDaemon, ownServer } from './support/own.js';

interface Traced {
  openSpans(count: number, characters: number): number;
  openWordy(characters: number): string;
}

const traced = importTasks<Traced>(new URL('./tasks/traced.mjs', import.meta.url));

/** A host that traces, and a daemon. */
async function start(maxPayload?: number) {
  const { finished } = startTracing(new AsyncLocalStorageContextManager());
  const { url } = await ownServer(maxPayload === undefined ? {} : { maxPayload });
  const daemon = await launchDaemon({ url });
  await connectHost({ servers: url });
  const named = (name: string) => finished().filter((span) => span.name.startsWith(name));
  return { url, daemon, named };
}

/** Another host that traces, of which its daemons have heard last. */
async function helloOfAnother(url: string) {
  const { connection, answers } = await hostileHost(url, 'another');
  const hello = { v: 1, kind: 'hello', host: 'another', tracing: true, time: Date.now() };
  connection.publish(subjects.toDaemons, toFrame(hello));
  await eventually(() => answers.some(({ head }) => head.kind === 'presence'));
  const named = (name: string) => JSON.stringify(answers.map(({ head }) => head)).includes(name);
  return { connection, named };
}

describe('the spans of a task', { timeout: 30_000 }, () => {
  test.each([
    ['larger than a message together', 40, 30_000],
    ['more than go with a result', 250, 10],
    ['few and small', 2, 10],
  ])('that are %s all arrive, and so does its result', async (_what, count, characters) => {
    const { daemon, named } = await start();
    expect(await mirai(traced.openSpans, [count, characters])).toBe(count);
    await eventually(() => named('part').length >= count);
    const numbers = named('part').map(({ attributes }) => attributes.n);
    expect(numbers).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(named('part')[0]?.attributes.text).toHaveLength(characters);
    expect(await mirai(tasks.self.whoAmI, [])).toMatchObject({ recording: true });
    expect(daemon.child.exitCode).toBeNull();
  });

  test('that leave no room for a result beside them, which does not need the object store', async () => {
    const { named } = await start(100_000);
    expect(await mirai(traced.openSpans, [2, 30_000])).toBe(2);
    await eventually(() => named('part').length === 2);
  });

  test('are cut where a text in them is longer than a message may have it', async () => {
    const { named } = await start();
    expect(await mirai(traced.openWordy, [70_000])).toBe('done');
    await eventually(() => named('xx').length === 1);
    const [span] = named('xx');
    expect(span?.name).toHaveLength(65_536);
    expect(span?.status.message).toHaveLength(65_536);
    expect(span?.attributes.text).toHaveLength(70_000);
  });

  test('are cut more where one is larger than a message', async () => {
    const { named } = await start();
    expect(await mirai(traced.openWordy, [1_000_000])).toBe('done');
    await eventually(() => named('xx').length === 1);
    const [span] = named('xx');
    expect(span?.attributes.text).toBe('x'.repeat(1000));
    expect(span?.attributes.texts).toEqual(['x'.repeat(1000), 'x'.repeat(1000)]);
    expect(span?.events[0]?.attributes?.text).toBe('x'.repeat(1000));
  });
});

describe('spans that come with no result', { timeout: 30_000 }, () => {
  test('of a daemon that leaves go to a host that is there, where the last one heard of is not', async () => {
    const { url, daemon, named } = await start();
    await eventually(() => named('daemon connect').length === 1);
    const { connection } = await helloOfAnother(url);
    await connection.close();
    await daemon.kill('SIGTERM');
    await eventually(() => named('daemon disconnect').length === 1);
  });

  test('of a task that was cancelled go to its host, whichever was heard of last', async () => {
    const { url, named } = await start();
    const { path, next } = await openGate();
    const task = mirai(tasks.gate.holdUntilAborted, [path, 'cancelled']);
    const outcome = task.catch((error: unknown) => error);
    await next();
    const another = await helloOfAnother(url);
    task.cancel();
    await outcome;
    await eventually(() => named('daemon eval').length === 1);
    expect(named('daemon eval')[0]?.status.message).toBe('miraiInterrupt');
    expect(another.named('daemon eval')).toBe(false);
  });
});

describe('the daemon eval of a task that has settled', { timeout: 30_000 }, () => {
  /** What a daemon says of a run of it, by the digit that the id of its span is made of. */
  const run = (digit: string) => ({ kind: 'result', eval: [digit.repeat(16), 1, 0, 2, 0] });

  /** A host that traces, and a daemon that says what it is told to. */
  async function startHostile() {
    const { finished } = startTracing(new AsyncLocalStorageContextManager());
    const { url } = await ownServer();
    await connectHost({ servers: url });
    const named = (name: string) => finished().filter((span) => span.name.startsWith(name));
    return { daemon: await hostileDaemon(url), named };
  }

  test('by another run of it is there too', async () => {
    const { daemon, named } = await startHostile();
    const task = mirai(tasks.values.echo, [1]);
    const stolen = await daemon.next();
    await stolen.answer(run('1'), '"first"');
    expect(await task).toBe('first');
    await stolen.answer(run('2'), '"second"');
    await eventually(() => named('daemon eval').length === 2);
    const parents = named('daemon eval').map(({ parentSpanContext }) => parentSpanContext?.spanId);
    const [call] = named('mirai');
    expect(parents).toEqual([call?.spanContext().spanId, call?.spanContext().spanId]);
  });

  test('by being cancelled, which its daemon did not know, is there', async () => {
    const { daemon, named } = await startHostile();
    const task = mirai(tasks.values.echo, [1]);
    const outcome = task.catch((error: unknown) => error);
    const stolen = await daemon.next();
    task.cancel();
    await outcome;
    await stolen.answer(run('1'), '1');
    await eventually(() => named('daemon eval').length === 1);
  });
});

test('spans that come by themselves are exported once, however often they come', {
  timeout: 20_000,
}, async () => {
  const { finished } = startTracing(new AsyncLocalStorageContextManager());
  const { url } = await ownServer();
  await connectHost({ servers: url });
  const daemon = await hostileDaemon(url);
  const result = mirai(tasks.values.add, [1, 2]);
  const { head, answer } = await daemon.next();
  const spanOf = (spanId: string) => ({
    ...{ name: 'alone', kind: 0, start: [1, 0], end: [2, 0], status: { code: 0 }, attributes: {} },
    ...{ links: [], events: [], dropped: { attributes: 0, links: 0, events: 0 }, scope: { name: 'scope' } },
    context: { traceId: '1'.repeat(32), spanId, traceFlags: 1 },
  });
  const spans = [spanOf('1'.repeat(16)), spanOf('2'.repeat(16))];
  const slot = { id: 1, pid: 1, threadId: 1 };
  for (const some of [spans.slice(1), spans, spans])
    await daemon.send(head.host, { kind: 'spans', slot, spans: some });
  await answer({ kind: 'result' }, '3');
  expect(await result).toBe(3);
  const ids = finished().flatMap((span) => (span.name === 'alone' ? span.spanContext().spanId : []));
  expect(ids).toEqual(['2'.repeat(16), '1'.repeat(16)]);
});
