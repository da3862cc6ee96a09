import { jetstreamManager } from '@nats-io/jetstream';
import { type ObjectStore, Objm } from '@nats-io/obj';
import { connect, nanos } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';
import { daemons, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { connectHost } from './support/host.js';
import { hostileDaemon } from './support/hostile.js';
import { ownCluster } from './support/own.js';

const { values } = tasks;

const isThere = async (store: ObjectStore, name: string) => (await store.info(name))?.deleted === false;

describe('a large result', { timeout: 20_000 }, () => {
  test('is deleted by its host where it is nobody else’s', async () => {
    const { url } = await startHost();
    const daemon = await hostileDaemon(url);
    const store = await new Objm(daemon.connection).create('MIRAI_default_large');
    const put = async (name: string) => {
      const bytes = Buffer.from('7');
      await store.putBlob({ name }, bytes);
      return { name, size: bytes.length };
    };
    const results = [mirai(values.add, [1, 2]), mirai(values.add, [1, 2]), mirai(values.add, [1, 2])];
    const names: string[] = [];
    for (const nameOf of [
      () => 'task.other.1',
      (own: string) => `kept.${own}.1.daemon`,
      (own: string) => `result.${own}.1.daemon`,
    ]) {
      const { head, answer } = await daemon.next();
      names.push(nameOf(head.host));
      await answer({ kind: 'result', large: await put(nameOf(head.host)) });
    }
    expect(await Promise.all(results)).toEqual([7, 7, 7]);
    const [other = '', kept = '', own = ''] = names;
    await eventually(async () => !(await isThere(store, own)));
    expect([await isThere(store, other), await isThere(store, kept)]).toEqual([true, true]);
  });
});

describe('the bucket of large values', { timeout: 60_000 }, () => {
  const configOf = async (servers: string) => {
    const connection = await connect({ servers });
    try {
      const manager = await jetstreamManager(connection);
      return (await manager.streams.info('OBJ_MIRAI_default_large')).config;
    } finally {
      await connection.close();
    }
  };

  test('has as many replicas as the stream of tasks, also where a daemon has made it', async () => {
    const { urls } = await ownCluster(3);
    const [url = ''] = urls;
    await connectHost({ servers: url });
    await join(url);
    await mirai(values.bytes, [new Uint8Array(600_000).fill(200)]);
    expect(await configOf(url)).toMatchObject({ num_replicas: 1 });
    await daemons(0);
    await connectHost({ servers: url, replicas: 3 });
    await eventually(async () => (await configOf(url)).num_replicas === 3);
  });

  test('keeps them as long as results, and for a day at least', async () => {
    const day = 24 * 3600 * 1000;
    const { url } = await startHost({ keepResults: 1000 });
    await join(url);
    await mirai(values.bytes, [new Uint8Array(600_000).fill(200)]);
    expect((await configOf(url)).max_age).toBe(nanos(day));
    await daemons(0);
    await connectHost({ servers: url, keepResults: 3 * day });
    await eventually(async () => (await configOf(url)).max_age === nanos(3 * day));
  });
});
