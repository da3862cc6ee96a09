import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openGate } from '../support/gate.js';
import { mirai, status } from '../support/library.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { countOf } from './support/count-of.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { hostileHost } from './support/hostile.js';
import { natsStatus } from './support/library.js';
import { expectAllSettledOnce, submitLoad } from './support/load.js';
import { launchDaemon, ownServer } from './support/own.js';

const { gate, values } = tasks;
const countedUrl = new URL('./tasks/counted.mjs', import.meta.url).href;

/** What the stream of the profile `default` holds at most, whenever it is asked, until the test is over. */
async function watchStream(url: string) {
  const connection = await connect({ servers: url });
  const { streams } = await jetstreamManager(connection);
  const most = { messages: 0, bytes: 0 };
  let open = true;
  const watching = (async () => {
    while (open) {
      const { state } = await streams.info('MIRAI_default');
      most.messages = Math.max(most.messages, state.messages);
      most.bytes = Math.max(most.bytes, state.bytes);
    }
  })();
  onTestFinished(async () => {
    open = false;
    await watching;
    await connection.close();
  });
  return most;
}

describe('a stream that is full', { timeout: 60_000 }, () => {
  test.each([
    ['maxMessages', { maxMessages: 5 }],
    ['maxBytes', { maxBytes: 4000 }],
  ] as const)('by %s: mirai() waits, and nothing is lost or runs twice', async (_name, limit) => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, ...limit });
    const { path, next } = await openGate();
    const held = mirai(gate.hold, [path, 'held']);
    const { release } = await next();
    const most = await watchStream(url);
    const load = submitLoad(300);
    release('first');
    expect(await held).toBe('first');
    await expectAllSettledOnce(load, 300, 1);
    if ('maxMessages' in limit) expect(most.messages).toBeLessThanOrEqual(limit.maxMessages);
    else expect(most.bytes).toBeLessThanOrEqual(limit.maxBytes);
    expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 301, failed: 0 });
  });

  test('a task that waits outside of it can be cancelled, and never runs', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, maxMessages: 2 });
    const { path, next, came } = await openGate();
    const held = mirai(gate.hold, [path, 'held']);
    const { release } = await next();
    const all = Array.from({ length: 10 }, (_, n) => mirai(gate.holdAs, [`cancelled ${n}`, path]));
    const outcomes = Promise.allSettled(all);
    for (const task of all) task.cancel();
    release('first');
    await held;
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(all.map(() => 'rejected'));
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(came).toEqual(['held']);
    expect((await natsStatus({ servers: url })).queue?.waiting).toBe(0);
  });

  test('tasks larger than what the stream may hold reject, and the others run', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, maxBytes: 20_000 });
    const tooLarge = mirai(values.echo, ['x'.repeat(100_000)]);
    const outcome = tooLarge.then(
      (value) => (value as string).length, // cast: it is echoed
      (error: { code: string }) => error.code,
    );
    expect([100_000, 'miraiError']).toContain(await outcome);
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });
});

describe('a daemon whose results nobody confirms', { timeout: 60_000 }, () => {
  test('takes no more tasks when they are too much, and goes on when they are confirmed', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    const { path, lines } = notebook();
    const host = await hostileHost(url, 'deaf', false);
    const source = { kind: 'module', name: 'countAndFill', url: countedUrl };
    for (let id = 1; id <= 100; id++)
      host.submit({ id, source }, JSON.stringify([path, String(id), 900_000]));
    // 32 MiB are 37 of them.
    await eventually(async () => {
      const { queue, daemons } = await natsStatus({ servers: url });
      const isIdle = daemons[0]?.slots.every(({ state }) => state === 'idle');
      return lines().length >= 37 && isIdle === true && queue?.waiting === 100 - lines().length;
    });
    expect(lines().length).toBeLessThan(100);
    host.confirm();
    await eventually(() => lines().length === 100);
    expect(new Set(countOf(lines()).values())).toEqual(new Set([1]));
  });
});
