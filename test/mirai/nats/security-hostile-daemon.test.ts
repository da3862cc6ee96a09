import { serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { MiraiError, mirai, status } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { connectHost } from './support/host.js';
import { hostileDaemon, subjects } from './support/hostile.js';
import { launchDaemon, ownServer } from './support/own.js';

const { values } = tasks;

/** A host whose only daemon is not what it seems. */
async function start() {
  const { url } = await ownServer();
  await connectHost({ servers: url });
  return { url, daemon: await hostileDaemon(url) };
}

const plain = (data: unknown) => ({ form: 'plain', data });

const error = (more: object = {}) => ({
  kind: 'error',
  name: 'Error',
  message: 'forged',
  stack: undefined,
  properties: [],
  ...more,
});

/** What a task rejects with whose daemon says that `forged` was thrown. */
async function rejection(forged: unknown): Promise<unknown> {
  const { daemon } = await start();
  const outcome = failure(() => mirai(values.add, [1, 2]));
  const task = await daemon.next();
  await task.answer({ kind: 'failure', form: 'bytes' }, serialize(forged));
  return outcome;
}

/** That a message settles nothing: the true end, which comes later, does. */
async function expectIgnored(head: object, body?: Uint8Array | string): Promise<void> {
  const { daemon } = await start();
  const task = mirai(values.add, [1, 2]);
  const stolen = await daemon.next();
  await stolen.answer(head, body);
  await stolen.answer({ kind: 'result' }, '"true"');
  expect(await task).toBe('true');
  expect(status().mirai).toMatchObject({ completed: 1, failed: 0 });
}

describe('an error that a daemon has forged', { timeout: 30_000 }, () => {
  test.each(['daemonLost', 'miraiInterrupt', 'miraiTimeout', 'noDaemons', 'miraiError'])(
    'with the code %s passes for none of the library',
    async (code) => {
      const name = 'DaemonLost';
      const rejected = await rejection(error({ name, properties: [['code', plain(code)]] }));
      expect(rejected).toBeInstanceOf(MiraiError);
      expect(rejected).toMatchObject({ code: 'miraiError', message: 'forged' });
    },
  );

  test('with the properties of objects changes what no error is', async () => {
    const keys = ['__proto__', 'constructor', 'prototype', 'then', 'toString', 'toJSON', 'own'];
    const properties = keys.map((key) => [key, { form: 'json', data: '{"polluted":true}' }]);
    const rejected = await rejection(error({ properties, cause: error({ properties }) }));
    const { cause } = rejected as { cause: object }; // cast: it was given one
    for (const each of [rejected as object, cause]) {
      expect(Object.keys(each).filter((key) => keys.includes(key))).toEqual(['own']);
      expect('polluted' in each).toBe(false);
      expect('then' in each).toBe(false);
      expect(String(each)).toBe('Error: forged');
    }
    expect((rejected as object).constructor).toBe(MiraiError); // cast: as above
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('with a message of half a mebibyte arrives', async () => {
    const message = 'x'.repeat(2 ** 19);
    expect(await rejection(error({ message }))).toMatchObject({ code: 'miraiError', message });
  });

  test('with causes below causes, a thousand of them, rejects the task and no more', async () => {
    let cause = error();
    for (let depth = 0; depth < 1000; depth++) cause = error({ cause });
    expect(await rejection(cause)).toBeInstanceOf(MiraiError);
  });

  test.each<[what: string, forged: unknown]>([
    ['no error', 42],
    ['an error without a message', { ...error(), message: undefined }],
    ['one with more than an error has', error({ more: 1 })],
    ['one with a function for a message', error({ message: { toString: 'x' } })],
    ['properties that are not pairs', error({ properties: [['a']] })],
    ['a property in a form that there is not', error({ properties: [['a', { form: 'clone', data: 1 }]] })],
    ['a property whose data cannot be read', error({ properties: [['a', { form: 'json', data: '{' }]] })],
  ])('%s rejects the task with a MiraiError', async (_what, forged) => {
    expect(await rejection(forged)).toMatchObject({ code: 'miraiError' });
  });
});

describe('a result that a daemon has forged', { timeout: 30_000 }, () => {
  test.each<[what: string, head: object, body: Uint8Array | string]>([
    ['text that is no JSON', { form: 'json' }, '{'],
    ['nothing', { form: 'json' }, ''],
    ['bytes that are nothing of V8', { form: 'bytes' }, Uint8Array.of(1, 2, 3)],
    ['bytes that end too early', { form: 'bytes' }, serialize({ a: [1, 2, 3] }).subarray(0, 9)],
    [
      'a string longer than the message',
      { form: 'bytes' },
      Uint8Array.of(255, 15, 34, 255, 255, 255, 255, 15),
    ],
    ['a large value that is not there', { large: { name: 'nothing', size: 10 } }, ''],
    ['a large value larger than all', { large: { name: 'nothing', size: 1e15 } }, ''],
  ])('as %s rejects the task, and the host lives on', async (_what, head, body) => {
    const { url, daemon } = await start();
    const outcome = failure(() => mirai(values.add, [1, 2]));
    await (await daemon.next()).answer({ kind: 'result', ...head }, body);
    expect(await outcome).toMatchObject({ code: 'miraiError' });
    await launchDaemon({ url });
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });

  test('with prototype keys gives own properties', async () => {
    const { daemon } = await start();
    const task = mirai(values.echo, [1]);
    await (await daemon.next()).answer({ kind: 'result' }, '{"__proto__":{"polluted":true},"constructor":1}');
    expect(Object.keys(Object(await task))).toEqual(['__proto__', 'constructor']);
    expect('polluted' in {}).toBe(false);
  });

  test('with spans that are none settles the task, without them', async () => {
    const { daemon } = await start();
    const task = mirai(values.echo, [1]);
    await (await daemon.next()).answer({ kind: 'result', spans: [{ name: 'forged' }, null] }, '"true"');
    expect(await task).toBe('true');
  });

  test('twice settles the task once', async () => {
    const { daemon } = await start();
    const task = mirai(values.echo, [1]);
    const stolen = await daemon.next();
    for (const value of ['first', 'second']) await stolen.answer({ kind: 'result' }, JSON.stringify(value));
    await stolen.answer({ kind: 'lost', message: 'no' });
    expect(await task).toBe('first');
    expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 1, failed: 0 });
  });

  const slot = { id: 1, pid: 1, threadId: 1 };
  test.each<[what: string, head: object, body?: string]>([
    ['of a task that there is not', { kind: 'result', id: 1e9 }, '1'],
    ['of a task of a negative number', { kind: 'result', id: -1 }, '1'],
    ['of a version that there is not', { kind: 'result', v: 2 }, '1'],
    ['of a kind that there is not', { kind: 'constructor' }, '1'],
    ['with more in its head', { kind: 'result', more: true }, '1'],
    ['with a time that is none', { kind: 'result', ran: 'long' }, '1'],
    ['with a slot that is none', { kind: 'result', slot: { ...slot, id: '1' } }, '1'],
    ['with the name of a daemon that is none', { kind: 'result', daemon: 'a.b.>' }, '1'],
    ['with spans that are no list', { kind: 'result', spans: { name: 'forged' } }, '1'],
  ])('%s is ignored', async (_what, head, body) => {
    await expectIgnored(head, body);
  });
});

describe('a message to a host', { timeout: 30_000 }, () => {
  test.each<[what: string, bytes: Uint8Array | string]>([
    ['nothing', ''],
    ['a line of JSON that is no object', 'null\n'],
    ['an array', '[[[[]]]]\n'],
    ['no line at all', '{"v":1'],
    ['a head of half a mebibyte', `{"v":1,"kind":"${'x'.repeat(2 ** 19)}"}\n`],
    ['a head 50,000 deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}\n`],
    ['bytes that are no UTF-8', Uint8Array.of(0xff, 0xfe, 0x0a, 0xff)],
  ])('that is %s is dropped', async (_what, bytes) => {
    const { daemon } = await start();
    const task = mirai(values.echo, [1]);
    const stolen = await daemon.next();
    const { connection } = daemon;
    for (const subject of [subjects.toHost(stolen.head.host), subjects.toHosts])
      connection.publish(subject, bytes);
    await stolen.answer({ kind: 'result' }, '"true"');
    expect(await task).toBe('true');
  });
});
