import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { nats, natsStatus } from '../mirai/nats/support/library.js';
import { freePort } from '../mirai/support/free-port.js';
import { openGate } from '../mirai/support/gate.js';
import { daemons, mirai, status } from '../mirai/support/library.js';
import { type NatsServer, startNatsServer } from '../mirai/support/nats-server.js';
import { ended } from '../mirai/support/run-program.js';
import { scratchFolder } from '../mirai/support/scratch.js';
import { tasks } from '../mirai/support/tasks.js';
import { until } from '../mirai/support/until.js';
import { cli, startCli, usageError } from './support/cli.js';
import { linesOf } from './support/lines.js';

const modules = fileURLToPath(new URL('../mirai/tasks', import.meta.url));
const allowed = ['--modules', modules];
const { hold } = tasks.gate;

let server: NatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});

afterAll(() => server?.stop());

/** Starts a daemon, and reads the line that says that it is ready. */
async function startDaemon(args: readonly string[], env: Record<string, string> = {}) {
  const child = startCli(['daemon', ...allowed, ...args, '--json'], { env });
  const end = ended(child);
  const line = linesOf(child.stdout);
  const text = await line();
  if (text === undefined) throw new Error(`it has ended: ${(await end).stderr}`);
  const ready = JSON.parse(text) as { event: string; id: string }; // cast: it is what --json is
  return { child, ready, end, event: async () => JSON.parse((await line()) ?? 'null') as unknown };
}

async function connect(compute: string): Promise<void> {
  onTestFinished(async () => void (await daemons(0, { compute })));
  await daemons({ engine: nats({ servers: server.url }), compute });
}

test('daemon - says when it is ready and when it has left, in words', async () => {
  const child = startCli(['daemon', '--url', server.url, '--compute', 'words', ...allowed]);
  const end = ended(child);
  const line = linesOf(child.stdout);
  expect(await line()).toMatch(/^ready: daemon \w+ of the profile "words"$/);
  child.kill('SIGTERM');
  expect(await line()).toBe('left: told');
  expect(await line()).toBeUndefined();
  expect(await end).toMatchObject({ code: 0, signal: null, stderr: expect.stringMatching(/^leaving: /) });
});

test('daemon --json - the same as JSON, with all that was asked for', async () => {
  const options = ['--compute', 'json', '--concurrency', '2', '--engine', 'processes'];
  const { child, ready, end, event } = await startDaemon(options, { NATS_URL: server.url });
  expect(ready).toEqual({
    ...{ event: 'ready', id: expect.any(String), compute: 'json', pid: child.pid, concurrency: 2 },
  });
  const { daemons: list } = await natsStatus({ servers: server.url, compute: 'json' });
  expect(list).toMatchObject([{ id: ready.id, pid: child.pid, engine: 'processes' }]);
  expect(list[0]?.slots).toHaveLength(2);
  child.kill('SIGINT');
  expect(await event()).toEqual({ event: 'left', id: ready.id, reason: 'told' });
  expect((await end).code).toBe(0);
});

test('daemon - runs what is on its list, and ends what it has when it is told to leave', async () => {
  const gate = await openGate();
  await connect('list');
  const { child, event, ready, end } = await startDaemon(['--url', server.url, '--compute', 'list']);
  const refused = mirai(() => 1, [], { compute: 'list' });
  await expect(refused).rejects.toThrow('--allow-source');
  const task = mirai(hold, [gate.path, 'first'], { compute: 'list' });
  const visitor = await gate.next();
  child.kill('SIGTERM');
  await until(() => status('list').daemons.some(({ state }) => state === 'leaving'));
  const later = mirai(hold, [gate.path, 'later'], { compute: 'list' });
  later.catch(() => undefined);
  visitor.release('done');
  expect(await task).toBe('done');
  expect(await event()).toEqual({ event: 'left', id: ready.id, reason: 'told' });
  expect((await end).code).toBe(0);
  expect(gate.came).toEqual(['first']);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('daemon - a second %s ends it at once', async (signal, code) => {
  const gate = await openGate();
  const compute = signal;
  await connect(compute);
  const { child, end } = await startDaemon(['--url', server.url, '--compute', compute]);
  const task = mirai(hold, [gate.path, 'stuck'], { compute });
  task.catch(() => undefined);
  const visitor = await gate.next();
  child.kill(signal);
  const [notice] = await once(child.stderr, 'data');
  expect(String(notice)).toBe(`leaving: it ends the tasks that it has; a second ${signal} ends it at once\n`);
  child.kill(signal);
  expect(await end).toMatchObject({ code, signal: null });
  // Its thread is gone with it.
  expect(await visitor.heard()).toBeUndefined();
});

test.each([
  [['--idle-time', '10ms'], 'idleTime'],
  [['--wall-time', '10ms'], 'wallTime'],
])('daemon %j - leaves by itself', async (args, reason) => {
  const { event, ready, end } = await startDaemon(['--url', server.url, '--compute', reason, ...args]);
  expect(await event()).toEqual({ event: 'left', id: ready.id, reason });
  expect((await end).code).toBe(0);
});

test('daemon - goes on when nobody reads what it says any more', async () => {
  const child = startCli(['daemon', '--url', server.url, '--compute', 'unread', ...allowed]);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.stderr.destroy();
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('daemon - ends when it has left, whatever others keep open in its process', async () => {
  const env = { NODE_OPTIONS: '--import=data:text/javascript,setInterval(Object,1e5)' };
  await comesAndGoes(['--url', server.url, '--compute', 'kept'], env);
});

test('daemon - no server', async () => {
  const port = await freePort();
  const { code, stdout, stderr } = await cli([
    ...['daemon', '--url', `nats://127.0.0.1:${port}`, '--json'],
    ...allowed,
  ]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^error: NATS at nats:\/\/127\.0\.0\.1:\d+ cannot be used: /);
  expect(stderr).not.toContain('    at ');
});

test('daemon - a module that is not there is wrong usage', async () => {
  expect(await usageError(['daemon', '--url', server.url, '--modules', '/nowhere'])).toBe(
    'error: option \'--modules\' must name files and directories that are there (got "/nowhere")',
  );
});

test('daemon - a setup module that fails', async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'setup.mjs'), 'throw new Error("no luck today")');
  const { code, stdout, stderr } = await cli(
    ['daemon', '--url', server.url, '--setup', 'setup.mjs', ...allowed],
    { cwd: folder },
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^error: .*no luck today/);
});

const secret = 's3cret x';

/** A server that is for one user, and the file with the password. */
async function closedServer(config = `authorization { users: [ { user: ada, password: "${secret}" } ] }`) {
  const closed = await startNatsServer({ config });
  onTestFinished(() => closed.stop());
  const file = join(scratchFolder(), 'secret');
  writeFileSync(file, `${secret}\r\n`);
  return { url: ['--url', closed.url], file };
}

/** Starts it, and ends it in good order. */
async function comesAndGoes(args: readonly string[], env: Record<string, string>): Promise<void> {
  const { child, end } = await startDaemon(args, env);
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
}

test('daemon - a user of the environment', async () => {
  const { url } = await closedServer();
  await comesAndGoes(url, { NATS_USER: 'ada', NATS_PASSWORD: secret });
});

test('daemon - a user with the password in a file wins over the environment', async () => {
  const { url, file } = await closedServer();
  const env = { NATS_TOKEN: 'wrong', NATS_USER: 'eve', NATS_PASSWORD: 'wrong' };
  await comesAndGoes([...url, '--user', 'ada', '--password-file', file], env);
});

test('daemon - a user with the password of the environment', async () => {
  const { url } = await closedServer();
  await comesAndGoes([...url, '--user', 'ada'], { NATS_USER: 'eve', NATS_PASSWORD: secret });
});

test('daemon - a token in a file wins over the environment', async () => {
  const { url, file } = await closedServer(`authorization { token: "${secret}" }`);
  await comesAndGoes([...url, '--token-file', file], { NATS_TOKEN: 'wrong', NATS_USER: 'eve' });
});

test('daemon - a token of the environment', async () => {
  const { url } = await closedServer(`authorization { token: "${secret}" }`);
  await comesAndGoes(url, { NATS_TOKEN: secret });
});

test.each<Record<string, string>>([
  {},
  { NATS_USER: 'ada', NATS_PASSWORD: 'wr0ng' },
  { NATS_TOKEN: 'wr0ng' },
])('daemon - is refused by the server: %j', async (env) => {
  const { url } = await closedServer();
  const { code, stdout, stderr } = await cli(['daemon', ...url, ...allowed], { env });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^error: NATS at .* cannot be used: .*[Aa]uthorization/);
  expect(stderr).not.toContain('wr0ng');
});
