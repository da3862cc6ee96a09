import { RequestError } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';
import { toFrame } from '../../../src/mirai/engine/nats/wire/frame.js';
import { openGate } from '../support/gate.js';
import { everywhere } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { seen } from './support/host.js';
import { hostileHost, subjects } from './support/hostile.js';
import { ownCluster } from './support/own.js';

const { gate } = tasks;
const at = (name: string, task: string) => ({
  source: { kind: 'module', url: new URL(`../tasks/${name}.mjs`, import.meta.url).href, name: task },
});

const alone = async () => (await startHost({ delivery: 'at-most-once' })).url;

/** A host that sends tasks straight to a daemon, which knows them to be short, and looks at what comes back. */
async function directHost(url: string) {
  await join(url);
  const { connection, answers, endOf } = await hostileHost(url, 'direct');
  const send = (id: number, head: object, args: unknown[]) => {
    const shared = { v: 1, kind: 'task', host: 'direct', form: 'json', epoch: 0, deliveries: 5, retries: 0 };
    const message = toFrame({ ...shared, submitted: Date.now(), id, ...head }, JSON.stringify(args));
    connection.publish(subjects.directOf('direct'), message);
  };
  for (let id = 1; id <= 10; id++) {
    send(id, at('values', 'add'), [1, 2]);
    await endOf(id);
  }
  const heard = (id: number) => answers.flatMap(({ head }) => (head.id === id ? [head.kind] : []));
  const isBack = (id: number) => heard(id).includes('busy');
  const isListening = () =>
    connection.request(subjects.directOf('direct'), 'no task', { timeout: 100 }).then(
      () => true,
      (error: unknown) => !(error instanceof RequestError && error.isNoResponders()),
    );
  return { send, endOf, heard, isBack, isListening };
}

test('a daemon that is busy for long does not listen for tasks that are sent straight to daemons', {
  timeout: 20_000,
}, async () => {
  const { send, endOf, isListening } = await directHost(await alone());
  const { path, next } = await openGate();
  for (const round of [1, 2]) {
    expect(await isListening()).toBe(true);
    send(100 * round, at('gate', 'hold'), [path, 'long']);
    await eventually(async () => !(await isListening()));
    (await next()).release();
    await endOf(100 * round);
    await eventually(isListening);
    send(100 * round + 1, at('values', 'add'), [1, 2]);
    expect(await endOf(100 * round + 1)).toMatchObject({ head: { kind: 'result' } });
  }
});

test('in a cluster it does: what one server sends to another one that has no listener any more is lost', {
  timeout: 60_000,
}, async () => {
  const { urls } = await ownCluster(3);
  const { send, isBack, isListening, endOf } = await directHost(urls[0] ?? '');
  const { path, next } = await openGate();
  send(100, at('gate', 'hold'), [path, 'long']);
  send(101, at('values', 'add'), [1, 2]);
  await eventually(() => isBack(101));
  expect(await isListening()).toBe(true);
  (await next()).release();
  await endOf(100);
});

describe('a task that was sent straight to a daemon', { timeout: 20_000 }, () => {
  test('goes back to its host while it waits behind one that takes long', async () => {
    const { send, endOf, isBack } = await directHost(await alone());
    const { path, next } = await openGate();
    send(100, at('gate', 'hold'), [path, 'long']);
    send(101, at('values', 'add'), [1, 2]);
    await eventually(() => isBack(101));
    (await next()).release();
    expect(await endOf(100)).toMatchObject({ head: { kind: 'result' } });
  });

  test('goes back to its host while it waits behind everywhere() of another one', async () => {
    const { send, isBack } = await directHost(await alone());
    const { path, next } = await openGate();
    await seen(1);
    const everybody = everywhere(gate.holdAs, ['long', path]);
    const { release } = await next();
    send(101, at('values', 'add'), [1, 2]);
    await eventually(() => isBack(101));
    release();
    await everybody;
  });

  test('is said to be at work while its arguments are fetched', async () => {
    const { send, endOf, heard } = await directHost(await alone());
    send(101, { ...at('values', 'add'), large: { name: 'nothing', size: 10 } }, []);
    expect(await endOf(101)).toMatchObject({ head: { kind: 'lost', refused: true } });
    expect(heard(101)).toEqual(['started', 'lost']);
  });
});
