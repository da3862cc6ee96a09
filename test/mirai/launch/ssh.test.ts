import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type SshConfig, sshConfig } from '../../../src/mirai/launch/ssh-config.js';
import { freePort } from '../support/free-port.js';
import { isAlive } from '../support/run-program.js';
import { scratchFolder } from '../support/scratch.js';
import { until } from '../support/until.js';
import { launch, launchFailure, planned } from './support/launch.js';
import { fakeDaemon } from './support/launched.js';
import { type SshServer, startSshd } from './support/sshd.js';
import { target } from './support/target.js';

let server: SshServer;

beforeAll(async () => {
  server = await startSshd();
});

afterAll(() => server?.stop());

/** Of the server that runs here. */
function here(config: Partial<SshConfig>): SshConfig {
  return { remotes: server.url, ...config, options: [...server.options, ...(config.options ?? [])] };
}

test('ssh - a daemon runs there when it resolves, with the words that it was given and nothing secret', async () => {
  process.env.NATS_TOKEN = 'secret';
  onTestFinished(() => void delete process.env.NATS_TOKEN);
  const daemon = fakeDaemon();
  const workdir = scratchFolder();
  const modules = ["it's", '$HOME `x` "y" \\', 'ä\nb'];
  const config = sshConfig(here({ workdir, daemon: { command: daemon.command, modules } }));
  const results = await launch(config, { ...target, environment: { NATS_TOKEN: 'secret' } });
  const { argv, env, cwd, pid } = await daemon.started();
  expect(results).toEqual([
    {
      state: 'ready',
      id: `d-${pid}`,
      output: expect.stringContaining('a line of something else'),
      command: expect.any(String),
    },
  ]);
  expect(isAlive(pid)).toBe(true);
  expect(argv.slice(0, 5)).toEqual(['daemon', '--url', 'nats://10.0.0.5:4222', '--compute', 'default']);
  expect(argv.slice(5)).toEqual([...modules.flatMap((path) => ['--modules', path]), '--json']);
  expect(cwd).toBe(workdir);
  expect(env.SSH_CONNECTION).toContain(String(server.port));
  expect(JSON.stringify([results, argv, env])).not.toContain('secret');
});

test('ssh - what is printed does the same when it is pasted', async () => {
  const daemon = fakeDaemon();
  const modules = ["it's $HOME"];
  const [command = ''] = await planned(sshConfig(here({ daemon: { command: daemon.command, modules } })));
  expect(daemon.hasStarted()).toBe(false);
  const shell = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void shell.kill());
  const lines: string[] = [];
  for await (const line of createInterface({ input: shell.stdout })) {
    lines.push(line);
    if (line.includes('ready')) break;
  }
  const { argv, pid } = await daemon.started();
  expect(argv).toContain("it's $HOME");
  expect(lines.at(-1)).toBe(`no line {"event":"ready","id":"d-${pid}"}`);
});

test('ssh - a tunnel reaches a server that only the host reaches', async () => {
  const heard = createServer((socket) => void socket.end('from the server')).listen(0, '127.0.0.1');
  onTestFinished(() => void heard.close());
  await until(() => heard.listening);
  const address = heard.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const tunnel = await freePort();
  const program = `
    const { createConnection } = require('node:net');
    const { hostname, port } = new URL(process.argv[3]);
    createConnection(port, hostname).on('data', (data) => {
      console.log(JSON.stringify({ event: 'ready', id: hostname + ':' + port + ' ' + data }));
    });`;
  const config = sshConfig(here({ tunnel, daemon: { command: [process.execPath, '-e', program, '--'] } }));
  // The words after `--`: daemon, --url, and the URL.
  const [result] = await launch(config, { ...target, servers: [`nats://127.0.0.1:${port}`] });
  expect(result).toMatchObject({ state: 'ready', id: `127.0.0.1:${tunnel} from the server` });
});

test('ssh - a tunnel from a port that is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await until(() => taken.listening);
  const address = taken.address();
  const tunnel = typeof address === 'object' && address ? address.port : 0;
  const daemon = fakeDaemon();
  const message = await launchFailure(sshConfig(here({ tunnel, daemon: { command: daemon.command } })));
  expect(message).toMatch(/^launchRemote: the command ssh .* failed with exit code 255: /);
  expect(message).toContain(`remote port forwarding failed for listen port ${tunnel}`);
  expect(daemon.hasStarted()).toBe(false);
});

test('ssh - one of two remotes that cannot be reached', async () => {
  const daemon = fakeDaemon();
  const port = await freePort();
  const config = sshConfig(
    here({ remotes: [server.url, `ssh://127.0.0.1:${port}`], daemon: { command: daemon.command } }),
  );
  const message = await launchFailure(config);
  expect(message).toMatch(/^launchRemote: 1 of 2 launches by ssh failed:\nlaunchRemote: the command ssh /);
  expect(message).toMatch(/failed with exit code 255: ssh: connect to host .* port .* Connection refused$/);
  const { pid } = await daemon.started();
  expect(isAlive(pid)).toBe(true);
});

test('ssh - a host that is not known', async () => {
  const options = [
    '-F',
    '/dev/null',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'StrictHostKeyChecking=yes',
  ];
  expect(await launchFailure(sshConfig({ remotes: server.url, options }))).toMatch(
    /failed with exit code 255: .*Host key verification failed\.$/s,
  );
});

test('ssh - a key that is not wanted there fails instead of asking for a password', async () => {
  const options = server.options.map((option, index, all) => (all[index - 1] === '-i' ? '/nowhere' : option));
  expect(await launchFailure(sshConfig({ remotes: server.url, options }))).toContain(
    `failed with exit code 255: Warning: Identity file /nowhere not accessible: No such file or directory.`,
  );
  expect(await launchFailure(sshConfig({ remotes: server.url, options }))).toContain(
    `${userInfo().username}@127.0.0.1: Permission denied`,
  );
});

test('ssh - a command that is not there', async () => {
  const config = sshConfig(here({ daemon: { command: ['/nowhere/otel-mirai'] } }));
  expect(await launchFailure(config)).toMatch(/ ended before a daemon was ready: .*\/nowhere\/otel-mirai/);
});

test('ssh - a daemon that fails', async () => {
  const { command } = fakeDaemon('fail');
  expect(await launchFailure(sshConfig(here({ daemon: { command } })))).toMatch(
    / ended before a daemon was ready: no such luck$/,
  );
});

test('ssh - a daemon that does not say that it is ready', async () => {
  const { command } = fakeDaemon('silent');
  expect(await launchFailure(sshConfig(here({ timeout: 1500, daemon: { command } })))).toMatch(
    / has run, but no daemon was ready within 1500 ms; one may still come up$/,
  );
});

test('ssh - a server that does not answer', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await until(() => silent.listening);
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const config = sshConfig({
    remotes: `ssh://127.0.0.1:${port}`,
    timeout: 200,
    options: ['-F', '/dev/null'],
  });
  expect(await launchFailure(config)).toMatch(/ was not done within 200 ms, and was ended$/);
});

test('ssh - a program that is not installed', async () => {
  expect(await launchFailure(sshConfig({ remotes: 'node', command: '/nowhere/ssh' }))).toMatch(
    /^launchRemote: the command \/nowhere\/ssh .* cannot be run: it is not installed$/,
  );
});
