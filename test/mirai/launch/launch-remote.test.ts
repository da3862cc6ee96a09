import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { nats, natsStatus } from '../nats/support/library.js';
import { failure } from '../support/failure.js';
import { freePort } from '../support/free-port.js';
import { type NatsServer, startNatsServer } from '../support/nats-server.js';
import { isAlive } from '../support/run-program.js';
import { tasks } from '../support/tasks.js';
import { until } from '../support/until.js';
import { fakeDaemon } from './support/launched.js';
import { type SshServer, startSshd } from './support/sshd.js';

const require = createRequire(import.meta.url);

// As `../support/library.ts` has it, and that same copy. Reason for the cast: `require` knows no types
const { daemons, launchRemote, localConfig, mirai, MiraiError, NoDaemons, remoteConfig, sshConfig, status } =
  require('otel-promise-domain/mirai') as typeof import('otel-promise-domain/mirai');

const modules = [fileURLToPath(new URL('../tasks', import.meta.url))];
const main = join(dirname(require.resolve('otel-promise-domain/package.json')), 'dist', 'cli', 'main.js');
const command = [process.execPath, main];

let server: NatsServer;
let ssh: SshServer;

beforeAll(async () => {
  server = await startNatsServer();
  ssh = await startSshd();
});

afterAll(async () => {
  await ssh?.stop();
  await server?.stop();
});

async function connect(compute: string): Promise<void> {
  onTestFinished(async () => void (await daemons(0, { compute })));
  await daemons({ engine: nats({ servers: server.url }), compute });
}

/** The daemons that serve it, which do not survive the running test. */
async function serving(compute: string) {
  const { daemons: list } = await natsStatus({ servers: server.url, compute });
  onTestFinished(async () => {
    for (const { pid } of list) if (isAlive(pid)) process.kill(pid, 'SIGTERM');
    await until(() => !list.some(({ pid }) => isAlive(pid)));
  });
  return list;
}

test('launchRemote() - daemons on this machine run tasks, and live on when the host resets its own', async () => {
  const compute = 'launched here';
  await connect(compute);
  const results = await launchRemote(localConfig({ n: 2, daemon: { modules, concurrency: 2 } }), compute);
  const list = await serving(compute);
  expect(results.map(({ state }) => state)).toEqual(['ready', 'ready']);
  expect(results.map(({ id }) => id).sort()).toEqual(list.map(({ id }) => id).sort());
  expect(await mirai(tasks.values.add, [1, 2], { compute })).toBe(3);
  await daemons(0, { compute });
  expect(list.map(({ pid }) => isAlive(pid))).toEqual([true, true]);
});

test('launchRemote() - a daemon by ssh', async () => {
  const compute = 'by ssh';
  await connect(compute);
  const config = sshConfig({ remotes: ssh.url, options: ssh.options, daemon: { command, modules } });
  const [result] = await launchRemote(config, compute);
  const [daemon] = await serving(compute);
  expect(result).toMatchObject({ state: 'ready', id: daemon?.id });
  expect(await mirai(tasks.values.add, [1, 2], { compute })).toBe(3);
});

test('launchRemote() - a daemon by ssh that reaches the server through a tunnel', async () => {
  const compute = 'tunnelled';
  await connect(compute);
  const tunnel = await freePort();
  const config = sshConfig({ remotes: ssh.url, options: ssh.options, tunnel, daemon: { command, modules } });
  const [result] = await launchRemote(config, compute);
  const [daemon] = await serving(compute);
  expect(result).toMatchObject({ state: 'ready', id: daemon?.id });
  expect(result?.command).toContain(`--url nats://127.0.0.1:${tunnel} `);
  expect(await mirai(tasks.values.add, [1, 2], { compute })).toBe(3);
});

test('launchRemote() - dryRun: true runs nothing', async () => {
  const fake = fakeDaemon();
  await connect('dry');
  const config = remoteConfig({
    command: fake.command[0] ?? '',
    args: [...fake.command.slice(1), '.'],
    n: 2,
  });
  const results = await launchRemote(config, 'dry', { dryRun: true });
  const line = `${fake.command.join(' ')} npx --no otel-mirai daemon --url ${server.url} --compute dry --json`;
  expect(results).toEqual(Array(2).fill({ state: 'planned', command: line, id: undefined, output: '' }));
  expect(fake.hasStarted()).toBe(false);
});

test('launchRemote() - a command that fails', async () => {
  await connect('failing');
  const error = await failure(() => launchRemote(remoteConfig({ command: 'false' }), 'failing'));
  expect(error).toBeInstanceOf(MiraiError);
  expect(error).toMatchObject({
    code: 'miraiError',
    message: expect.stringContaining('failed with exit code 1'),
  });
});

test('launchRemote() - no daemons set', async () => {
  const error = await failure(() => launchRemote(localConfig(), 'none'));
  expect(error).toBeInstanceOf(NoDaemons);
  expect(error).toMatchObject({
    message: 'launchRemote: no daemons are set for the profile "none"; call daemons(n) first',
  });
});

test('launchRemote() - an engine of this machine', async () => {
  onTestFinished(async () => void (await daemons(0, { compute: 'threads' })));
  await daemons(1, { compute: 'threads' });
  await expect(launchRemote(localConfig(), 'threads')).rejects.toThrow(
    new TypeError(
      'launchRemote: the profile "threads" has an engine of this machine (thread); daemons can be started elsewhere where it was set with engine: nats(…)',
    ),
  );
  expect(status('threads').connections).toBe(1);
});

test.each<[unknown[], string]>([
  [
    [],
    'config must be what sshConfig(), clusterConfig(), remoteConfig(), httpConfig() or localConfig() returns (got undefined)',
  ],
  [
    [{ remotes: 'a' }],
    'config must be what sshConfig(), clusterConfig(), remoteConfig(), httpConfig() or localConfig() returns (got object)',
  ],
  [[localConfig(), 1], 'compute must be a string (got 1)'],
  [[localConfig(), 'none', null], 'options must be an object (got null)'],
  [[localConfig(), 'none', { dryRun: 1 }], 'options.dryRun must be a boolean (got 1)'],
])('launchRemote() - bad arguments: %j', async (args, message) => {
  // cast: they are wrong
  await expect(launchRemote(...(args as Parameters<typeof launchRemote>))).rejects.toThrow(
    new TypeError(`launchRemote: ${message}`),
  );
});
