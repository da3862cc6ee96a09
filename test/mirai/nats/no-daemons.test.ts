import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DaemonLost, daemons, mirai, status } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { ackWait, seen } from './support/host.js';
import { nats } from './support/library.js';
import { ownServer } from './support/own.js';

const { values } = tasks;

describe('a host without a daemon', { timeout: 20_000 }, () => {
  test('warns of it once when tasks have waited for some seconds', async () => {
    await startHost({}, { compute: 'nobody' });
    const warned = once(process, 'warning');
    const options = { compute: 'nobody' };
    const all = [mirai(values.add, [1, 2], options), mirai(values.add, [3, 4], options)];
    const outcomes = Promise.allSettled(all);
    const [warning] = await warned;
    expect(warning).toMatchObject({
      name: 'MiraiWarning',
      message: 'tasks of the profile "nobody" wait, and no daemon of it is there',
    });
    for (const task of all) task.cancel();
    await outcomes;
  });

  test('whose own daemons have failed runs tasks again when there are others', async () => {
    const { url } = await ownServer();
    onTestFinished(async () => {
      await daemons(0);
    });
    await daemons(1, { engine: nats({ servers: url, ackWait }), respawn: false });
    for (const { pid } of status().daemons) process.kill(pid, 'SIGKILL');
    await eventually(
      async () => (await mirai(values.add, [1, 2]).catch((error) => error)) instanceof DaemonLost,
    );
    await join(url);
    await seen(1);
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });
});
