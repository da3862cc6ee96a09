import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { allowed } from '../mirai/nats/support/daemon-process.js';
import { eventually } from '../mirai/nats/support/eventually.js';
import { connectHost, seen } from '../mirai/nats/support/host.js';
import { collectMirai, natsStatus, startNatsDaemon } from '../mirai/nats/support/library.js';
import { launchDaemon, ownServer } from '../mirai/nats/support/own.js';
import { failure } from '../mirai/support/failure.js';
import { openGate } from '../mirai/support/gate.js';
import { everywhere, mirai } from '../mirai/support/library.js';
import { tasks } from '../mirai/support/tasks.js';

const { gate, state, values } = tasks;
const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${root}SECURITY.md`, 'utf8');

/** The text of the only block of that language. */
function blockOf(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';
}

const users = {
  admin: { user: 'admin', password: 'change me 1' },
  host: { user: 'host', password: 'change me 2' },
  daemon: { user: 'daemon', password: 'change me 3' },
};

/** A server with the permissions of SECURITY.md, and what its script makes there. */
async function start() {
  // On an address and with a folder of its own.
  const config = blockOf('conf').replace(/^listen: .*\njetstream .*\n/, '');
  expect(config).toMatch(/^# tls /);
  const server = await ownServer({ config });
  // In the folder of the package, where it may import it by its name.
  const folder = mkdtempSync(`${root}test/docs/.security-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'make-profile.mjs');
  writeFileSync(script, blockOf('js'));
  await run(process.execPath, [script], {
    env: { ...process.env, NATS_URL: server.url, NATS_PASSWORD: users.admin.password },
  });
  const violations = () => server.log.split('\n').filter((line) => line.includes('Violation'));
  return { server, servers: server.url, violations };
}

async function connectAs(servers: string, { user, password }: { user: string; password: string }) {
  const connection = await connect({ servers, user, pass: password });
  onTestFinished(() => connection.close());
  return connection;
}

describe('the permissions of SECURITY.md', { timeout: 60_000 }, () => {
  test('let hosts and daemons do what they do', async () => {
    const { servers, violations } = await start();
    await connectHost({ servers, ...users.host, durable: true, ackWait: 5000 });
    const env = { NATS_USER: users.daemon.user, NATS_PASSWORD: users.daemon.password };
    const lost = await launchDaemon({ url: servers, env });
    const { path, next } = await openGate();
    const held = mirai(gate.hold, [path, 'held']);
    await next();
    const daemon = await startNatsDaemon({ servers, ...users.daemon, modules: allowed });
    onTestFinished(() => daemon.leave());
    await lost.kill('SIGKILL');
    (await next()).release('again');
    expect(await held).toBe('again');
    await seen(1);
    await everywhere(state.setGlobal, ['place', 'everywhere']);
    expect(await mirai(state.getGlobal, ['place'])).toBe('everywhere');
    const large = 'x'.repeat(4_000_000);
    for (let n = 0; n < 2; n++) {
      const { length } = (await mirai(values.echo, [large], { idempotencyKey: 'large' })) as string; // cast: it is echoed
      expect(length).toBe(large.length);
    }
    expect(await collectMirai('large')).toBe(large);
    const cancelled = [mirai(gate.hold, [path, 'runs']), mirai(gate.hold, [path, 'waits'])];
    const outcomes = Promise.allSettled(cancelled);
    await next();
    for (const task of cancelled) task.cancel();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const { queue, daemons } = await natsStatus({ servers, ...users.host });
    expect([queue?.waiting, daemons.map(({ id }) => id)]).toEqual([0, [daemon.id]]);
    expect(violations()).toEqual([]);
  });

  test('let them do it at most once too', async () => {
    const { servers, violations } = await start();
    const daemon = await startNatsDaemon({ servers, ...users.daemon, modules: allowed });
    onTestFinished(() => daemon.leave());
    await connectHost({ servers, ...users.host, delivery: 'at-most-once' });
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(violations()).toEqual([]);
  });

  const task = 'mirai.default.task.stranger';
  const key = '$KV.MIRAI_default_results.x';
  const raw = { deliver_subject: task, ack_policy: 'none', deliver_policy: 'all' };
  const consumer = (stream: string, config: object) => JSON.stringify({ stream_name: stream, config });
  test.each<[what: string, subject: string, body: string]>([
    ['publishing it', task, '{"v":1}\n'],
    ['sending it directly', 'mirai.default.direct.stranger', '{"v":1}\n'],
    ['telling another daemon', 'mirai.default.daemons', '{"v":1}\n'],
    ['having the server read it out of a bucket', `$JS.API.DIRECT.GET.KV_MIRAI_default_results.${key}`, ''],
    [
      'having a consumer push it out of a bucket',
      '$JS.API.CONSUMER.CREATE.KV_MIRAI_default_results',
      consumer('KV_MIRAI_default_results', raw),
    ],
    [
      'having the stream of a bucket republish it',
      '$JS.API.STREAM.UPDATE.KV_MIRAI_default_results',
      JSON.stringify({ republish: { src: '>', dest: task } }),
    ],
  ])('keep a daemon from submitting a task by %s', async (_what, subject, body) => {
    const { servers, violations } = await start();
    const connection = await connectAs(servers, users.daemon);
    await put(connection, key, '{"v":1}\n');
    connection.publish(subject, body, { reply: task });
    await eventually(() => violations().length > 0);
    const { queue } = await natsStatus({ servers, ...users.host });
    expect(queue?.waiting).toBe(0);
  });

  test('keep a host from serving tasks, and others out', async () => {
    const { servers, violations } = await start();
    await failure(() => connectHost({ servers, user: 'host', password: 'wrong', connectTimeout: 3000 }));
    const connection = await connectAs(servers, users.host);
    connection.publish('$JS.API.CONSUMER.MSG.NEXT.MIRAI_default.daemons', '', {
      reply: 'mirai.default.hosts',
    });
    connection.publish('mirai.default.host.other', '{"v":1}\n');
    await eventually(() => violations().length === 2);
  });
});

async function put(connection: NatsConnection, subject: string, body: string): Promise<void> {
  const answer = await connection.request(subject, body, { timeout: 5000 });
  expect(JSON.parse(answer.string())).toMatchObject({ stream: 'KV_MIRAI_default_results' });
}
