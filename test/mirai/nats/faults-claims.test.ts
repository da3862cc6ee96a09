import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Claimants } from '../../../src/mirai/engine/nats/daemon/claimants.js';
import { namesOf } from '../../../src/mirai/engine/nats/names.js';
import { openGate } from '../support/gate.js';
import { DaemonLost, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { eventually } from './support/eventually.js';
import { ackWait, connectHost, seen } from './support/host.js';
import { launchDaemon, ownServer } from './support/own.js';

const { gate } = tasks;

async function ownConnection(servers: string) {
  const connection = await connect({ servers });
  onTestFinished(() => connection.close());
  return connection;
}

/** A task with a key at work in a daemon, with another one idle. */
async function startOnce() {
  const server = await ownServer();
  await connectHost({ servers: server.url });
  const daemon = await launchDaemon({ url: server.url });
  const { path, next, came } = await openGate();
  const task = mirai(gate.hold, [path, 'once'], { idempotencyKey: 'once' });
  const settled = task.catch((error: unknown) => error);
  const visitor = await next();
  await launchDaemon({ url: server.url });
  await seen(2);
  return { server, daemon, visitor, settled, came };
}

/** Has the task that is at work delivered to another daemon, too, and resolves when that one has handed it back. */
async function deliverAgain(url: string): Promise<void> {
  const connection = await ownConnection(url);
  let at: string | undefined;
  for await (const message of connection.subscribe('$JS.ACK.MIRAI_default.daemons.>')) {
    if (at === undefined && message.string().startsWith('+WPI')) {
      at = message.subject;
      connection.publish(at, '-NAK');
    } else if (message.subject !== at && message.string().startsWith('-NAK')) return;
  }
}

describe('a task with a key that is delivered once more', { timeout: 30_000 }, () => {
  test('is left to the daemon that has it', async () => {
    const { server, visitor, settled, came } = await startOnce();
    await deliverAgain(server.url);
    visitor.release('done');
    expect(await settled).toBe('done');
    expect(came).toEqual(['once']);
  });

  test('is lost with the daemon that had it', async () => {
    const { server, daemon, settled, came } = await startOnce();
    await deliverAgain(server.url);
    await daemon.kill('SIGKILL');
    expect(await settled).toBeInstanceOf(DaemonLost);
    expect(came).toEqual(['once']);
  });

  test('has its result where it has ended while the server was away', async () => {
    const { server, visitor, settled, came } = await startOnce();
    await server.kill('SIGTERM');
    const since = performance.now();
    visitor.release('done');
    await eventually(() => performance.now() - since > 2 * ackWait);
    await server.restart();
    expect(await settled).toBe('done');
    expect(came).toEqual(['once']);
  });
});

describe('Claimants', { timeout: 30_000 }, () => {
  test('.isHeld() - as its daemon says', async () => {
    const { url } = await ownServer();
    const [one, other] = await Promise.all(
      ['one', 'other'].map(async (id) => new Claimants(await ownConnection(url), namesOf('default'), id)),
    );
    const claim = one?.open() ?? '';
    expect(claim).toMatch(/^one\./);
    expect([await other?.isHeld(claim), await other?.isHeld('one.else')]).toEqual([true, false]);
    one?.close(claim);
    expect(await other?.isHeld(claim)).toBe(false);
  });

  test('.isHeld() - not if its daemon is not there, unless it may not be back yet', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await ownServer();
    const claimants = new Claimants(await ownConnection(server.url), namesOf('default'), 'one');
    expect(await claimants.isHeld('other.claim')).toBe(true);
    vi.advanceTimersByTime(5000);
    expect(await claimants.isHeld('other.claim')).toBe(false);
    await server.restart();
    await eventually(() => claimants.isHeld('other.claim'));
    for (const odd of ['', '.', '*.claim', '>', 'a b.claim']) expect(await claimants.isHeld(odd)).toBe(false);
  });
});
