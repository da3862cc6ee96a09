import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { DaemonLost, daemons, everywhere, MiraiInterrupt, mirai } from '../support/library.js';
import { ended, startProgram } from '../support/run-program.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { join, loseDaemon, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { ackWait, connectHost, seen } from './support/host.js';
import { collectMirai, nats, natsStatus } from './support/library.js';
import { counted, expectAllSettledOnce, submitLoad } from './support/load.js';
import { ownServer } from './support/own.js';

const { gate, notes, state, values } = tasks;

// Each is a sentence of docs/mirai/distributed.md, by its number there.
describe('what is promised about delivery', { timeout: 60_000 }, () => {
  test('1 at least once: kept until its host has the end, and run once where nothing fails', async () => {
    const { url, queue } = await startHost();
    await join(url);
    const { path, next } = await openGate();
    const held = mirai(gate.hold, [path, 'held']);
    const { release } = await next();
    expect(await queue()).toMatchObject({ waiting: 0, delivered: 1 });
    release('end');
    expect(await held).toBe('end');
    await expectAllSettledOnce(submitLoad(100), 100, 1);
    await eventually(async () => (await queue())?.delivered === 0);
  });

  test('2 at most once: a task whose daemon vanishes is not run again, and rejects with DaemonLost', async () => {
    const { url } = await startHost({ delivery: 'at-most-once' });
    const { settled, came } = await loseDaemon(url);
    expect(await settled).toBeInstanceOf(DaemonLost);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(came).toEqual(['run']);
  });

  test('3 a redelivery is another run from the beginning; the first end that comes counts', async () => {
    const { url } = await startHost();
    const { settled, next, came } = await loseDaemon(url);
    (await next()).release('of the second run');
    expect(await settled).toBe('of the second run');
    expect(came).toEqual(['run', 'run']);
  });

  test('4 ackWait: a task that is at work is not delivered again, however long it takes', async () => {
    const { url } = await startHost();
    await join(url);
    await join(url);
    const { path, lines } = notebook();
    expect(await mirai(counted.countAndBlock, [path, 'run', 4 * ackWait])).toBe('run');
    expect(lines()).toEqual(['run']);
  });

  test('5 deliveries: after as many runs that daemons have vanished with, DaemonLost', async () => {
    const { url } = await startHost({ deliveries: 1 });
    const { settled, came } = await loseDaemon(url);
    expect(await settled).toBeInstanceOf(DaemonLost);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(came).toEqual(['run']);
  });

  test.each([0, 2])(
    '6 retries: a task that ends its slot is run again %i times, and no more',
    async (retries) => {
      const { url } = await startHost({}, { retries });
      const { id } = await join(url);
      const { path, lines } = notebook();
      expect(await failure(() => mirai(counted.countAndExit, [path, 'run']))).toBeInstanceOf(DaemonLost);
      expect(lines()).toHaveLength(1 + retries);
      expect((await natsStatus({ servers: url })).daemons.map((daemon) => daemon.id)).toEqual([id]);
    },
  );

  test('7 leaving: a daemon ends what runs, and what it has not begun is run by others', async () => {
    const { url } = await startHost();
    const leaving = await join(url);
    const { path, next, came } = await openGate();
    const all = ['first', 'second'].map((label) => mirai(gate.hold, [path, label]));
    const { release } = await next();
    const left = leaving.leave();
    await join(url);
    (await next()).release('elsewhere');
    release('here');
    expect(await Promise.all(all)).toEqual(['here', 'elsewhere']);
    await left;
    expect([came, await leaving.left]).toEqual([['first', 'second'], 'told']);
  });

  test('8 an idempotency key: evaluated once, whichever hosts submit it, and its end is recorded', async () => {
    const { url } = await startHost();
    await join(url);
    const { path, next, came } = await openGate();
    const other = startProgram('../nats/programs/keyed-host', [url, path, 'both']);
    const options = { idempotencyKey: 'both' };
    const task = mirai(gate.hold, [path, 'both'], options);
    (await next()).release('once');
    expect([await task, await mirai(gate.hold, [path, 'again'], options)]).toEqual(['once', 'once']);
    expect((await ended(other)).stdout).toBe('"once"\n');
    expect(came).toEqual(['both']);
  });

  test('9 an idempotency key whose task was lost: DaemonLost, for whoever submits it again too', async () => {
    const { url } = await startHost();
    const options = { idempotencyKey: 'lost' };
    const { settled, came } = await loseDaemon(url, options);
    expect(await settled).toBeInstanceOf(DaemonLost);
    expect(await failure(() => mirai(values.echo, [1], options))).toBeInstanceOf(DaemonLost);
    expect(came).toEqual(['run']);
  });

  test('10 durable: tasks outlive their host and the server, and their results are collected by key', async () => {
    const server = await ownServer();
    const { path, lines } = notebook();
    const host = startProgram('../nats/programs/durable-host', [server.url, path, '5']);
    await once(createInterface({ input: host.stdout }), 'line');
    host.kill('SIGKILL');
    await server.kill('SIGKILL');
    await server.restart();
    await join(server.url);
    await connectHost({ servers: server.url, durable: true });
    const results = Array.from({ length: 5 }, (_, n) => collectMirai(`key ${n}`));
    expect(await Promise.all(results)).toEqual(['0', '1', '2', '3', '4']);
    expect(lines().sort()).toEqual(['0', '1', '2', '3', '4']);
  });

  test('11 reset: takes back what is not durable, and leaves what is', async () => {
    const { url, queue } = await startHost();
    const outcome = failure(() => mirai(values.add, [1, 2]));
    await eventually(async () => (await queue())?.waiting === 1);
    await daemons(0);
    expect(await outcome).toBeInstanceOf(MiraiInterrupt);
    expect(await queue()).toMatchObject({ waiting: 0 });
    await daemons({ engine: nats({ servers: url, durable: true, ackWait }) });
    const durable = mirai(values.add, [1, 2]);
    const { key = '' } = durable;
    await eventually(async () => (await queue())?.waiting === 1);
    await daemons(0);
    expect(await failure(() => durable)).toBeInstanceOf(MiraiInterrupt);
    await daemons({ engine: nats({ servers: url, durable: true, ackWait }) });
    await join(url);
    expect(await collectMirai(key)).toBe(3);
  });

  test('12 a full stream: tasks wait at their host, and all of them run', async () => {
    const { url, queue } = await startHost({ maxMessages: 3 });
    const load = submitLoad(30);
    await eventually(async () => (await queue())?.waiting === 3);
    expect(load.settled()).toBe(0);
    await join(url);
    await expectAllSettledOnce(load, 30, 1);
  });

  test('13 large values: over max_payload they arrive all the same, up to `largest`', async () => {
    const { url } = await startHost({ largest: 1_000_000 }, {}, 100_000);
    await join(url);
    const { path, lines } = notebook();
    const text = 'x'.repeat(500_000);
    expect(await mirai(values.echo, [text])).toBe(text);
    const outcome = await failure(() => mirai(notes.note, [path, 'x'.repeat(1_000_000)]));
    expect(outcome).toMatchObject({
      code: 'miraiError',
      message: expect.stringContaining('options.largest'),
    });
    expect(lines()).toEqual([]);
    const tooMuch = await failure(() => mirai(counted.countAndFill, [path, '1', 1_500_000]));
    expect(tooMuch).toMatchObject({
      code: 'miraiError',
      message: expect.stringContaining('options.largest'),
    });
  });

  test('14 order: tasks of a host begin in the order of their submission', async () => {
    const { url } = await startHost();
    const { path, lines } = notebook();
    const load = Array.from({ length: 100 }, (_, n) => mirai(notes.note, [path, String(n)]));
    await join(url);
    await Promise.all(load);
    expect(lines()).toEqual(load.map((_, n) => String(n)));
  });

  test('15 everywhere(): before the next task of its host, on daemons that join later too', async () => {
    const { url } = await startHost();
    const first = await join(url);
    await seen(1);
    await everywhere(state.setGlobal, ['place', 'everywhere']);
    expect(await mirai(state.getGlobal, ['place'])).toBe('everywhere');
    await first.leave();
    const task = mirai(state.getGlobal, ['place']);
    await join(url);
    expect(await task).toBe('everywhere');
  });

  test('16 cancellation: what has not begun never runs, and what runs is told by its signal', async () => {
    const { url, queue } = await startHost();
    await join(url);
    const { path, next, came } = await openGate();
    const running = mirai(gate.holdUntilAborted, [path, 'running']);
    const visitor = await next();
    const waiting = mirai(gate.hold, [path, 'waiting']);
    const outcomes = Promise.allSettled([running, waiting]);
    waiting.cancel();
    running.cancel();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'miraiInterrupt' } });
    expect(await visitor.heard()).toMatch(/^aborted/);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    await eventually(async () => (await queue())?.waiting === 0);
    expect(came).toEqual(['running']);
  });

  test('17 a server that is away: nothing rejects, what runs goes on, and the rest waits', async () => {
    const { server, url } = await startHost();
    await join(url);
    const { path, next, came } = await openGate();
    const running = mirai(gate.hold, [path, 'running']);
    const { release } = await next();
    await server.kill('SIGKILL');
    const waiting = mirai(values.add, [1, 2]);
    release('done');
    await server.restart();
    expect(await Promise.all([running, waiting])).toEqual(['done', 3]);
    expect(came).toEqual(['running']);
  });

  test('18 several hosts: daemons serve all of them, and each has its own results', async () => {
    const { url } = await startHost();
    await Promise.all([join(url), join(url)]);
    const { path, next } = await openGate();
    const other = startProgram('../nats/programs/keyed-host', [url, path, 'other']);
    const own = mirai(gate.hold, [path, 'own']);
    const visitors = [await next(), await next()];
    for (const { label, release } of visitors.reverse()) release(`for the ${label} host`);
    expect(await own).toBe('for the own host');
    expect((await ended(other)).stdout).toBe('"for the other host"\n');
  });
});
