import { serialize } from 'node:v8';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toFrame } from '../../../src/mirai/engine/nats/wire/frame.js';
import { failure, miraiError } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { DaemonLost, everywhere, mirai, status } from '../support/library.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { allowed, permissive } from './support/daemon-process.js';
import { startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost, seen } from './support/host.js';
import { hostileDaemon, hostileHost, subjects } from './support/hostile.js';
import { startNatsDaemon } from './support/library.js';
import { counted } from './support/load.js';
import { launchDaemon, ownProxy, ownServer } from './support/own.js';

const { faults, gate, notes, state, values } = tasks;

/** A few bytes on their way, and a gigabyte for whoever reads them. */
const list = () => new Array(2e8);

async function join(url: string, concurrency: number) {
  const daemon = await startNatsDaemon({ servers: url, modules: allowed, concurrency });
  onTestFinished(() => daemon.leave());
  return daemon;
}

async function expectServed(): Promise<void> {
  expect(await mirai(values.add, [1, 2])).toBe(3);
}

describe('everywhere()', { timeout: 20_000 }, () => {
  test('whose turn comes when a slot is gone rejects, and keeps back nothing that comes later', async () => {
    const { url } = await startHost();
    await join(url, 2);
    await seen(2);
    const { path, next } = await openGate();
    const held = ['a', 'b'].map((label) => mirai(gate.hold, [path, label]));
    const [first, second] = [await next(), await next()];
    const exiting = failure(() => mirai(faults.exit, [3]));
    // The last before it: when it has begun, the host knows of the slot.
    const last = mirai(gate.hold, [path, 'last']);
    const outcome = failure(() => everywhere(state.setGlobal, ['slot', 'prepared']));
    const later = mirai(state.getGlobal, ['slot']);
    first.release();
    const third = await next();
    for (const { release } of [second, third]) release();
    expect(await outcome).toBeInstanceOf(DaemonLost);
    expect(await later).toBe('prepared');
    expect(await exiting).toBeInstanceOf(DaemonLost);
    await Promise.all([...held, last]);
  });

  test('that a daemon without slots is to run too is over when the others have run it', async () => {
    const { url } = await startHost();
    await join(url, 1);
    await seen(1);
    const { connection } = await hostileDaemon(url);
    const presence = { v: 1, kind: 'presence', daemon: 'empty', hostname: 'h', pid: 1, engine: 'threads' };
    const none = { ...presence, startedAt: '', state: 'here', slots: [] };
    connection.publish(subjects.toHosts, toFrame(none));
    await connection.flush();
    await expectServed(); // what was said before has come by now
    expect(await everywhere(values.echo, [1])).toEqual([1]);
    await expectServed();
  });

  test('that cannot be sent rejects, and keeps back nothing that comes later', async () => {
    const { url } = await startHost({ largest: 200_000 }, {}, 100_000);
    await join(url, 1);
    await seen(1);
    const error = await miraiError(() => everywhere(state.setGlobal, ['text', 'x'.repeat(300_000)]));
    expect(error.message).toContain('options.largest');
    await expectServed();
    await everywhere(state.setGlobal, ['text', 'y'.repeat(150_000)]);
    expect(await mirai(state.getGlobal, ['text'])).toHaveLength(150_000);
  });

  test('that cannot be sent rejects where no daemon is there, too', async () => {
    await startHost({ largest: 200_000 }, {}, 100_000);
    await miraiError(() => everywhere(values.echo, ['x'.repeat(300_000)]));
  });

  test.each(['cut', 'stall'] as const)(
    'is run once by each daemon whose network fails by a %s when it is sent',
    async (fail) => {
      const server = await ownServer();
      const proxy = await ownProxy(server.port);
      await launchDaemon({ url: proxy.url, args: [...permissive(), '--concurrency', '2'] });
      await connectHost({ servers: server.url });
      await seen(2);
      const { path, lines } = notebook();
      proxy[fail]();
      const map = everywhere(notes.note, [path, 'here']);
      const after = mirai(notes.note, [path, 'after']);
      proxy.mend();
      expect(await map).toEqual(['here', 'here']);
      await after;
      expect(lines()).toEqual(['here', 'here', 'after']);
    },
  );

  test('is run once by each daemon when the server is away meanwhile', async () => {
    const { server, url } = await startHost();
    await Promise.all([join(url, 1), join(url, 1)]);
    await seen(2);
    const { path, lines } = notebook();
    await server.kill('SIGKILL');
    const map = everywhere(notes.note, [path, 'here']);
    await server.restart();
    expect(await map).toEqual(['here', 'here']);
    await expectServed();
    expect(lines()).toEqual(['here', 'here']);
  });

  test('is run by daemons that were there before their host, without being told how many', async () => {
    const { url } = await ownServer();
    await Promise.all([join(url, 1), join(url, 2)]);
    await connectHost({ servers: url });
    expect(status().connections).toBe(3);
    expect(await everywhere(values.echo, [1])).toEqual([1, 1, 1]);
  });
});

describe('a daemon that is asked for parts of everywhere()', { timeout: 20_000 }, () => {
  test('says how far it is, runs what it lacks, and which ones it does not know', async () => {
    const { url } = await startHost();
    const { id } = await join(url, 1);
    const { connection, answers, endOf } = await hostileHost(url, 'other');
    const { path, next, came } = await openGate();
    const say = (head: object) => {
      const message = toFrame({ v: 1, host: 'other', ...head }, JSON.stringify([path, 'held']));
      connection.publish(subjects.toDaemon(id), message);
    };
    const said = (kind: string) => answers.filter(({ head }) => head.kind === kind).map(({ head }) => head);
    say({ kind: 'epoch', epoch: 1, ids: [1] });
    await eventually(() => said('behind').length === 1);
    expect([said('behind')[0]?.epoch, said('lost')]).toEqual([0, []]);
    const source = { kind: 'module', url: gate.hold.url, name: 'hold' };
    const part = { kind: 'everywhere', ids: [1], form: 'json', source, submitted: 1, epoch: 1 };
    for (let n = 0; n < 3; n++) say(part);
    say({ kind: 'epoch', epoch: 1, ids: [1, 2] });
    expect((await endOf(2))?.head).toMatchObject({
      kind: 'lost',
      message: expect.stringContaining('task 2'),
    });
    (await next()).release();
    expect((await endOf(1))?.head.kind).toBe('result');
    expect([said('behind').length, said('lost').length, came]).toEqual([1, 1, ['held']]);
  });
});

describe('arguments that would take memory out of all proportion', { timeout: 20_000 }, () => {
  test('reject a task at once', async () => {
    const { url } = await startHost();
    await join(url, 1);
    const error = await miraiError(() => mirai(values.echo, [list()]));
    expect(error.message).toMatch(/^the arguments of the task cannot be read/);
  });

  test('reject everywhere(), and the daemon outlives the loss of a slot after that', async () => {
    const { url } = await startHost();
    const { child } = await launchDaemon({ url });
    await seen(1);
    await miraiError(() => everywhere(values.echo, [list()]));
    await failure(() => mirai(faults.exit, [3]));
    await expectServed();
    expect(child.exitCode).toBe(null);
  });

  test('and come from a hostile host do no harm either', async () => {
    const { url } = await startHost();
    const daemon = await launchDaemon({ url });
    await seen(1);
    const { connection, answers } = await hostileHost(url, 'hostile');
    const source = { kind: 'module', url: values.add.url, name: 'add' };
    const head = { v: 1, kind: 'everywhere', host: 'hostile', ids: [1], form: 'bytes', source };
    connection.publish(subjects.toDaemons, toFrame({ ...head, submitted: 1, epoch: 1 }, serialize([list()])));
    await eventually(() =>
      answers.some(({ head: { kind, refused } }) => kind === 'lost' && refused === true),
    );
    await failure(() => mirai(counted.countAndExit, [notebook().path, 'exit']));
    await expectServed();
    expect(daemon.child.exitCode).toBe(null);
  });
});
