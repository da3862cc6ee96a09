import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { DaemonLost, mirai, status } from '../support/library.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { type DaemonProcess, permissive } from './support/daemon-process.js';
import { eventually } from './support/eventually.js';
import { ackWait, connectHost, seen } from './support/host.js';
import { counted, expectAllSettledOnce, submitLoad } from './support/load.js';
import { launchDaemon, ownServer } from './support/own.js';
import { makeRandom } from './support/random.js';

const { gate, values } = tasks;

const slots = (concurrency: number) => [...permissive(), '--concurrency', String(concurrency)];

const allIdle = (count: number) =>
  eventually(() => {
    const { daemons } = status();
    return daemons.length === count && daemons.every(({ state }) => state === 'idle');
  });

describe('a daemon process that is killed', { timeout: 60_000 }, () => {
  test('at random moments under load: 1,500 tasks settle once each, and few run again', async () => {
    const { url } = await ownServer();
    const random = makeRandom(11);
    const running: DaemonProcess[] = [];
    const launch = async () => void running.push(await launchDaemon({ url, args: slots(2) }));
    await Promise.all([launch(), launch()]);
    await connectHost({ servers: url, deliveries: 20 });
    const load = submitLoad(1500, (n) => n % 5);
    for (let kills = 0; kills < 6; kills++) {
      await load.reached(Math.min(1500, load.settled() + Math.floor(random() * 150)));
      const [victim] = running.splice(Math.floor(random() * running.length), 1);
      await victim?.kill('SIGKILL');
      await launch();
    }
    await expectAllSettledOnce(load, 1500, 20);
    expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 1500, failed: 0 });
    const again = [...load.runs().values()].reduce((sum, runs) => sum + runs - 1, 0);
    expect(again).toBeLessThan(200);
  });

  test('while it runs a task: another one runs it, and the first is no longer seen', async () => {
    const { url } = await ownServer();
    const first = await launchDaemon({ url });
    await connectHost({ servers: url });
    const { path, next } = await openGate();
    const task = mirai(gate.hold, [path, 'held']);
    await next();
    const second = await launchDaemon({ url });
    await first.kill('SIGKILL');
    const { pid, release } = await next();
    expect(pid).toBe(second.pid);
    release('again');
    expect(await task).toBe('again');
    await seen(1);
    expect(status().daemons.map((daemon) => daemon.pid)).toEqual([second.pid]);
  });

  test('each time that it runs a task: DaemonLost after as many runs as may be', async () => {
    const { url } = await ownServer();
    await connectHost({ servers: url, deliveries: 2 });
    const { path, next, came } = await openGate();
    const outcome = failure(() => mirai(gate.hold, [path, 'held']));
    for (let run = 0; run < 2; run++) {
      const daemon = await launchDaemon({ url });
      await next();
      await daemon.kill('SIGKILL');
    }
    await launchDaemon({ url });
    expect(await outcome).toBeInstanceOf(DaemonLost);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(came).toHaveLength(2);
  });

  test('with at-most-once: DaemonLost, and no second run', async () => {
    const { url } = await ownServer();
    const daemon = await launchDaemon({ url });
    await connectHost({ servers: url, delivery: 'at-most-once' });
    const { path, next, came } = await openGate();
    const outcome = failure(() => mirai(gate.hold, [path, 'held']));
    await next();
    await launchDaemon({ url });
    await daemon.kill('SIGKILL');
    expect(await outcome).toBeInstanceOf(DaemonLost);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(came).toHaveLength(1);
  });

  test('while it runs a task with an idempotencyKey: DaemonLost, and no second run', async () => {
    const { url } = await ownServer();
    const daemon = await launchDaemon({ url });
    await connectHost({ servers: url, durable: true });
    const { path, next, came } = await openGate();
    const options = { idempotencyKey: 'once' };
    const outcome = failure(() => mirai(gate.hold, [path, 'held'], options));
    await next();
    await launchDaemon({ url });
    await daemon.kill('SIGKILL');
    expect(await outcome).toBeInstanceOf(DaemonLost);
    expect(await failure(() => mirai(gate.hold, [path, 'held'], options))).toBeInstanceOf(DaemonLost);
    expect(came).toHaveLength(1);
  });
});

describe('a task that ends its own slot', { timeout: 60_000 }, () => {
  test.each(['threads', 'processes'])(
    'of %s: DaemonLost after retries and one runs, and the daemon lives on',
    async (engine) => {
      const { url } = await ownServer();
      const { pid } = await launchDaemon({ url, args: [...permissive(), '--engine', engine] });
      await connectHost({ servers: url }, { retries: 2 });
      const { path, lines } = notebook();
      const error = await failure(() => mirai(counted.countAndExit, [path, 'run']));
      expect(error).toBeInstanceOf(DaemonLost);
      expect(lines()).toHaveLength(3);
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(() => process.kill(pid, 0)).not.toThrow();
    },
  );
});

describe('a daemon process that is stopped for longer than the ack wait', { timeout: 60_000 }, () => {
  /** One task that runs in a daemon that was stopped, and in another one. */
  async function runTwice() {
    const { url } = await ownServer();
    const first = await launchDaemon({ url });
    await connectHost({ servers: url });
    const { path, next } = await openGate();
    const task = mirai(gate.hold, [path, 'held']);
    const stopped = await next();
    const second = await launchDaemon({ url });
    await first.kill('SIGSTOP');
    const other = await next();
    expect([stopped.pid, other.pid]).toEqual([first.pid, second.pid]);
    return { task, stopped, other, first };
  }

  test('the other run settles the task, and the late result changes nothing', async () => {
    const { task, stopped, other, first } = await runTwice();
    other.release('of the other');
    expect(await task).toBe('of the other');
    await first.kill('SIGCONT');
    stopped.release('late');
    await allIdle(2);
    expect(await task).toBe('of the other');
    expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 1, failed: 0 });
    await expectAllSettledOnce(submitLoad(50), 50, 1);
  });

  test('it settles the task when it is faster, and the result of the other changes nothing', async () => {
    const { task, stopped, other, first } = await runTwice();
    await first.kill('SIGCONT');
    stopped.release('of the first');
    expect(await task).toBe('of the first');
    other.release('late');
    await allIdle(2);
    expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 1, failed: 0 });
    await expectAllSettledOnce(submitLoad(50), 50, 1);
  });

  test('with a backlog: every task settles once', async () => {
    const { url } = await ownServer();
    const first = await launchDaemon({ url, args: slots(2) });
    await launchDaemon({ url, args: slots(2) });
    await connectHost({ servers: url });
    const load = submitLoad(600, () => 4);
    await load.reached(50);
    await first.kill('SIGSTOP');
    await load.reached(400);
    await first.kill('SIGCONT');
    await expectAllSettledOnce(load, 600, 3);
  });
});

describe('a task that takes longer than the ack wait', { timeout: 60_000 }, () => {
  test.each(['threads', 'processes'])('and blocks its slot runs once, on %s', async (engine) => {
    const { url } = await ownServer();
    await launchDaemon({ url, args: [...permissive(), '--engine', engine] });
    await launchDaemon({ url });
    await connectHost({ servers: url });
    const { path, lines } = notebook();
    expect(await mirai(counted.countAndBlock, [path, 'run', 4 * ackWait])).toBe('run');
    expect(lines()).toEqual(['run']);
  });
});
