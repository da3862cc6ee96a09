import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KeyStore } from '../../../src/mirai/engine/nats/key-store.js';
import { namesOf } from '../../../src/mirai/engine/nats/names.js';
import { failure } from '../support/failure.js';
import { MiraiError, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { collectMirai } from './support/library.js';
import { ownServer } from './support/own.js';

const lost = { state: 'lost', message: 'why' } as const;

async function ownStore() {
  const { url } = await ownServer();
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  return new KeyStore(connection, namesOf('default'));
}

describe('KeyStore', { timeout: 20_000 }, () => {
  test('.claim() - the one who has the key knows its own claim, and others do too', async () => {
    const store = await ownStore();
    const first = await store.claim('key', 1, 'own');
    expect(first.head).toEqual({ state: 'claimed', sequence: 1, by: 'own' });
    expect(await store.claim('key', 1, 'own')).toMatchObject({ head: first.head, revision: first.revision });
    expect(await store.claim('key', 2, 'other')).toMatchObject({ head: first.head });
  });

  test('.release() - a key can be claimed again, and nobody takes back what another one has', async () => {
    const store = await ownStore();
    const first = await store.claim('key', 1, 'own');
    await store.release('key', 'other');
    expect((await store.get('key'))?.head).toEqual(first.head);
    await store.release('key', 'own', first);
    expect(await store.get('key')).toBeUndefined();
    expect((await store.claim('key', 2, 'other')).head).toMatchObject({ by: 'other' });
    await store.release('key', 'own');
    expect((await store.get('key'))?.head).toMatchObject({ by: 'other' });
  });

  test('.countBegin() - counts until there is something else to say', async () => {
    const store = await ownStore();
    await Promise.all(['key', 'key', 'key', 'other'].map((key) => store.countBegin(key)));
    expect((await store.get('key'))?.head).toEqual({ state: 'begun', again: 3 });
    await store.put('key', lost);
    await store.countBegin('key');
    expect((await store.get('key'))?.head).toEqual(lost);
    expect((await store.get('other'))?.head).toEqual({ state: 'begun', again: 1 });
  });

  test('.replace() - changes only what nobody else has changed', async () => {
    const store = await ownStore();
    const first = await store.claim('key', 1, 'own');
    expect(await store.replace('key', first, lost)).toBe(true);
    expect(await store.replace('key', first, { ...lost, message: 'too late' })).toBe(false);
    expect((await store.get('key'))?.head).toEqual(lost);
  });
});

describe('a record that is none', { timeout: 20_000 }, () => {
  test.each(['no frame', '{"state":"unheard of"}\n'])('rejects whoever wants it: %j', async (record) => {
    const { url } = await startHost({ durable: true });
    await join(url);
    const connection = await connect({ servers: url });
    onTestFinished(() => connection.close());
    const bucket = await new Kvm(connection).open('MIRAI_default_results');
    const waiting = failure(() => collectMirai('key'));
    await bucket.put(Buffer.from('key').toString('base64url'), record);
    expect(await waiting).toBeInstanceOf(MiraiError);
    const task = () => mirai(tasks.values.add, [1, 2], { idempotencyKey: 'key' });
    expect(await failure(task)).toBeInstanceOf(MiraiError);
    expect(await mirai(tasks.values.add, [1, 2])).toBe(3);
  });
});
