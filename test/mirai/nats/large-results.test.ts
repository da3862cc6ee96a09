import { type ObjectStore, Objm } from '@nats-io/obj';
import { describe, expect, test } from 'vitest';
import { mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { hostileDaemon } from './support/hostile.js';

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
