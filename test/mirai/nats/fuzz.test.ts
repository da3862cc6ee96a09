import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { daemonHead, presence } from '../../../src/mirai/engine/nats/wire/from-daemon.js';
import { hostHead } from '../../../src/mirai/engine/nats/wire/from-host.js';
import { everywhereHead, taskHead } from '../../../src/mirai/engine/nats/wire/task.js';
import { mirai, status } from '../support/library.js';
import { scratchFolder } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { allowed } from './support/daemon-process.js';
import { headsOfDaemons, headsOfHosts } from './support/envelopes.js';
import { eventually } from './support/eventually.js';
import { connectHost, seen } from './support/host.js';
import { hostileHost, subjects } from './support/hostile.js';
import { natsStatus } from './support/library.js';
import { malformed } from './support/malformed.js';
import { launchDaemon, ownServer } from './support/own.js';

const { values } = tasks;
const count = 50_000;

/** A module that no daemon may load, and that leaves a file when one does. */
function forbiddenModule() {
  const folder = scratchFolder();
  const [path, marker] = [join(folder, 'touch.mjs'), join(folder, 'touched')];
  const touch = `writeFileSync(${JSON.stringify(marker)}, '')`;
  writeFileSync(
    path,
    `import { writeFileSync } from 'node:fs';\n${touch};\nexport const touch = () => ${touch};`,
  );
  return { url: pathToFileURL(path).href, isTouched: () => existsSync(marker) };
}

/** A host and a daemon of which each knows the other, and a stranger who knows both. */
async function start() {
  const { url } = await ownServer();
  const daemon = await launchDaemon({ url, args: allowed.flatMap((path) => ['--modules', path]) });
  await connectHost({ servers: url });
  await seen(1);
  const stranger = await hostileHost(url, 'stranger');
  let host = '';
  stranger.connection.subscribe('mirai.default.task.*', {
    callback: (_, { subject }) => {
      host = subject.split('.').at(-1) ?? '';
    },
  });
  await stranger.connection.flush();
  await mirai(values.add, [1, 2]);
  await eventually(() => host !== '');
  const { daemons } = await natsStatus({ servers: url });
  return { url, daemon, host, id: daemons[0]?.id ?? '', ...stranger };
}

type Setting = Awaited<ReturnType<typeof start>>;

async function publishAll(
  { connection }: Setting,
  to: readonly string[],
  heads: readonly object[],
  seed: number,
) {
  const messages = fc.sample(malformed(heads), { numRuns: count, seed });
  for (const [n, message] of messages.entries()) {
    connection.publish(to[n % to.length] ?? '', message);
    if (n % 1000 === 0) await connection.flush();
  }
  await connection.flush();
}

async function expectUnharmed({ url, daemon }: Setting): Promise<void> {
  await eventually(async () => (await natsStatus({ servers: url })).queue?.waiting === 0);
  const results = Array.from({ length: 20 }, (_, n) => mirai(values.add, [n, 1]));
  expect(await Promise.all(results)).toEqual(results.map((_, n) => n + 1));
  expect({ code: daemon.child.exitCode, signal: daemon.child.signalCode }).toEqual({
    code: null,
    signal: null,
  });
  expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0, completed: 21, failed: 0 });
  expect(Reflect.ownKeys(Object.prototype).filter((key) => key === 'polluted')).toEqual([]);
  expect('polluted' in {}).toBe(false);
}

test('malformed messages are made of those that are none', () => {
  const ofHosts = v.union([taskHead, everywhereHead, hostHead]);
  for (const head of headsOfHosts('stranger', 'file:///a.mjs', 'file:///b.mjs')) v.parse(ofHosts, head);
  const ofDaemons = v.union([daemonHead, presence, v.looseObject({ data: presence })]);
  for (const head of headsOfDaemons('stranger')) v.parse(ofDaemons, head);
});

describe('malformed messages', { timeout: 120_000 }, () => {
  test('50,000 to a daemon: it runs nothing of them, and serves on', async () => {
    const setting = await start();
    const { url, isTouched } = forbiddenModule();
    const to = [
      subjects.taskOf('stranger'),
      subjects.directOf('stranger'),
      subjects.toDaemon(setting.id),
      subjects.toDaemons,
    ];
    await publishAll(setting, to, headsOfHosts('stranger', url, values.echo.url), 1);
    await expectUnharmed(setting);
    expect(isTouched()).toBe(false);
    expect(await mirai(values.show, [{}])).toBe('{}');
  });

  test('50,000 to a host: none settles a task of it, and it works on', async () => {
    const setting = await start();
    const toHost = subjects.toHost(setting.host);
    const to = [toHost, toHost, subjects.toHosts, `${toHost}.stats`, `${toHost}.sent.1`];
    await publishAll(setting, to, headsOfDaemons('stranger'), 2);
    await expectUnharmed(setting);
  });
});
