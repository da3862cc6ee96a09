import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openGate } from '../support/gate.js';
import { mirai } from '../support/library.js';
import { scratchFolder } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { allowed } from './support/daemon-process.js';
import { connectHost } from './support/host.js';
import { hostileHost, subjects } from './support/hostile.js';
import { startNatsDaemon } from './support/library.js';
import { ownServer } from './support/own.js';

const { gate, values } = tasks;
const module = (name: string, url = values.add.url) => ({ kind: 'module', url, name });

/** A daemon that serves a host as it should be, and another one. */
async function start() {
  const { url } = await ownServer();
  const daemon = await startNatsDaemon({ servers: url, modules: allowed });
  onTestFinished(() => daemon.leave());
  await connectHost({ servers: url });
  return { url, daemon, hostile: await hostileHost(url, 'hostile') };
}

async function expectServed(): Promise<void> {
  expect(await mirai(values.add, [1, 2])).toBe(3);
}

describe('a task of a hostile host', { timeout: 30_000 }, () => {
  test('is refused when it is source, or a module that is not allowed', async () => {
    const { hostile } = await start();
    const marker = join(scratchFolder(), 'marker');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`;
    const sources = [
      { kind: 'source', source: `() => { ${code} }` },
      module('writeFileSync', 'node:fs'),
      module('default', `data:text/javascript,${code}`),
      module('writeFileSync', 'mirai:node:fs'),
      module('add', `${new URL('.', values.add.url).href}../../../package.json`),
    ];
    for (const [id, source] of sources.entries()) {
      hostile.submit({ id, source }, JSON.stringify([marker, '']));
      expect((await hostile.endOf(id))?.head).toMatchObject({ kind: 'lost', refused: true });
    }
    expect(existsSync(marker)).toBe(false);
    await expectServed();
  });

  test.each([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'notCallable',
    'missing',
    'default.call',
  ])('that names %s as its function fails', async (name) => {
    const { hostile } = await start();
    hostile.submit({ source: module(name) });
    expect((await hostile.endOf(1))?.head.kind).toMatch(/failure|lost/);
    await expectServed();
  });

  test.each<[what: string, head: object, body?: string | Uint8Array]>([
    ['arguments that are no JSON', {}, '{'],
    ['arguments that are no array', {}, '{"length":2}'],
    ['arguments that are nothing of V8', { form: 'bytes' }, Uint8Array.of(1, 2, 3)],
    ['large arguments that are not there', { large: { name: 'nothing', size: 10 } }],
    ['large arguments of a petabyte', { large: { name: 'nothing', size: 1e15 } }],
    ['a stream of random numbers that is none', { random: [1, 2, 3] }],
    ['no stream of random numbers', { random: [] }],
  ])('with %s fails or is dropped, and the slot lives on', async (_what, head, body) => {
    const { hostile } = await start();
    hostile.submit({ source: module('add'), ...head }, body);
    await expectServed();
    const [end] = hostile.answers.filter(({ head: { kind } }) => kind !== 'started' && kind !== 'presence');
    if (end) expect(end.head.kind).toMatch(/failure|lost|result/);
  });

  test('of an everywhere() that never comes keeps no other host from the daemon', async () => {
    const { hostile } = await start();
    hostile.submit({ source: module('add'), epoch: 1000 });
    await expectServed();
  });

  test.each<[what: string, head: object]>([
    ['of a host whose name is a subject', { host: 'a.>' }],
    ['of a host without a name', { host: '' }],
    ['that is to be tried again without an end', { retries: null }],
    ['of a time that is none', { submitted: 'now' }],
    ['with more in its head', { more: 1 }],
    ['with a key of a mebibyte', { key: 'x'.repeat(500_000) }],
  ])('%s is dropped', async (_what, head) => {
    const { hostile } = await start();
    hostile.submit({ source: module('add'), ...head }, '[1,2]');
    // What is as it must be is not dropped.
    hostile.submit({ source: module('add'), id: 2 }, '[1,2]');
    expect((await hostile.endOf(2))?.head.kind).toBe('result');
    await expectServed();
    expect(hostile.answers.filter(({ head: { kind, id } }) => kind === 'result' && id !== 2)).toEqual([]);
  });
});

describe('a message of a hostile host', { timeout: 30_000 }, () => {
  test('that confirms or cancels what is of others changes nothing', async () => {
    const { daemon, hostile } = await start();
    const { path, next } = await openGate();
    const task = mirai(gate.hold, [path, 'held']);
    const { release } = await next();
    const say = (head: object) => {
      const line = `${JSON.stringify({ v: 1, host: 'hostile', ...head })}\n`;
      hostile.connection.publish(subjects.toDaemon(daemon.id), line);
    };
    say({ kind: 'cancel' });
    say({ kind: 'cancel', ids: Array.from({ length: 100 }, (_, id) => id) });
    say({ kind: 'confirmed', ns: Array.from({ length: 1000 }, (_, n) => n) });
    await hostile.connection.flush();
    release('done');
    expect(await task).toBe('done');
  });
});
