import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { DaemonLost, mirai } from '../support/library.js';
import { ended, startProgram } from '../support/run-program.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { permissive } from './support/daemon-process.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { collectMirai, natsStatus } from './support/library.js';
import { counted } from './support/load.js';
import { launchDaemon, ownDaemon, ownServer } from './support/own.js';

const { gate, values } = tasks;

describe('a key', { timeout: 60_000 }, () => {
  test('whose task failed gives its error to each who collects it', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, durable: true });
    const { path, lines } = notebook();
    const options = { idempotencyKey: 'fails' };
    const outcomes = [
      await failure(() => mirai(tasks.notes.noteOrFail, ['fail', path], options)),
      await failure(() => mirai(tasks.notes.noteOrFail, ['fail', path], options)),
      await failure(() => collectMirai('fails')),
    ];
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 'miraiError', message: 'failed' });
    expect(lines()).toEqual(['fail']);
  });

  test('that nobody has submitted is waited for until the timeout', async () => {
    const { url } = await ownServer();
    await connectHost({ servers: url, durable: true });
    const outcome = await failure(() => collectMirai('nobody', { timeout: 50 }));
    expect(outcome).toMatchObject({ code: 'miraiTimeout' });
  });

  test('that two hosts submit at the same time is evaluated once, and both have its result', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url, args: [...permissive(), '--concurrency', '2'] });
    const { path, next, came } = await openGate();
    const other = startProgram('../nats/programs/keyed-host', [url, path, 'both']);
    await connectHost({ servers: url, durable: true });
    const task = mirai(gate.hold, [path, 'both'], { idempotencyKey: 'both' });
    (await next()).release('of one run');
    expect(await task).toBe('of one run');
    const { stdout, stderr } = await ended(other);
    expect({ stdout, stderr }).toEqual({ stdout: '"of one run"\n', stderr: '' });
    expect(came).toEqual(['both']);
  });

  test.each(['cancelled', 'timed out'])(
    'whose task was %s while it ran settles those who submit it again',
    async (how) => {
      const { url } = await ownServer();
      await launchDaemon({ url });
      await connectHost({ servers: url, durable: true });
      const { path, next } = await openGate();
      const options = { idempotencyKey: 'ended' };
      const timeout = how === 'cancelled' ? {} : { timeout: 500 };
      const task = mirai(gate.holdUntilAborted, [path, 'first'], { ...options, ...timeout });
      const outcome = failure(() => task);
      await next();
      if (how === 'cancelled') task.cancel();
      await outcome;
      expect(await mirai(values.add, [1, 2])).toBe(3);
      const again = mirai(gate.holdUntilAborted, [path, 'again'], options).catch((error: unknown) => error);
      const collected = collectMirai('ended').catch((error: unknown) => error);
      for (const result of [await again, await collected])
        expect(result === 'aborted' || result instanceof Error).toBe(true);
    },
  );

  test('whose task ended its own slot rejects all who submit it again', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, durable: true });
    const { path, lines } = notebook();
    const options = { idempotencyKey: 'exits' };
    for (let n = 0; n < 2; n++)
      expect(await failure(() => mirai(counted.countAndExit, [path, 'run'], options))).toBeInstanceOf(
        DaemonLost,
      );
    expect(await failure(() => collectMirai('exits'))).toBeInstanceOf(DaemonLost);
    expect(lines()).toEqual(['run']);
  });

  test.each([
    ['words', 'a key'],
    ['a subject', 'a.b.*.>'],
    ['letters of any script', 'ключ 鍵'],
    ['the name of a property', '__proto__'],
    ['long', 'x'.repeat(200)],
  ])('may be %s', async (_kind, idempotencyKey) => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, durable: true });
    const task = mirai(values.echo, [idempotencyKey], { idempotencyKey });
    expect(task.key).toBe(idempotencyKey);
    expect(await task).toBe(idempotencyKey);
    expect(await mirai(values.echo, ['other'], { idempotencyKey })).toBe(idempotencyKey);
    expect(await collectMirai(idempotencyKey)).toBe(idempotencyKey);
  });

  test('keeps large results', async () => {
    const { url } = await ownServer({ maxPayload: 100_000 });
    await launchDaemon({ url });
    await connectHost({ servers: url, durable: true });
    const { path, lines } = notebook();
    const options = { idempotencyKey: 'large' };
    for (let n = 0; n < 2; n++) {
      const { length } = await mirai(counted.countAndFill, [path, '7', 1_000_000], options);
      expect(length).toBe(1_000_000);
    }
    expect((await collectMirai<Uint8Array>('large'))[999_999]).toBe(7);
    expect(lines()).toEqual(['7']);
  });
});

describe('a durable task whose host is gone', { timeout: 60_000 }, () => {
  test('and that kills each daemon that runs it is not delivered for ever', async () => {
    const { url } = await ownServer();
    const { path, lines } = notebook();
    const host = startProgram('../nats/programs/poison-host', [url, path]);
    await once(createInterface({ input: host.stdout }), 'line');
    host.kill('SIGKILL');
    for (let n = 0; n < 3; n++) {
      const daemon = ownDaemon({ url });
      await once(daemon.child, 'exit');
    }
    await launchDaemon({ url });
    await connectHost({ servers: url });
    await eventually(async () => (await natsStatus({ servers: url })).queue?.waiting === 0);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(lines()).toHaveLength(3);
  });
});
