import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type RemoteConfig, remoteConfig } from '../../../src/mirai/launch/remote-config.js';
import { isAlive } from '../support/run-program.js';
import { until } from '../support/until.js';
import { launch, launchFailure, planned } from './support/launch.js';
import { fakeDaemon } from './support/launched.js';
import { daemonLine, target } from './support/target.js';

test("remoteConfig() - '.' stands for the words of the command of the daemon", async () => {
  const args = ['run', '--detach', 'my image', '.', ''];
  expect(await planned(remoteConfig({ command: 'docker', args, n: 2 }))).toEqual(
    Array(2).fill(`docker run --detach 'my image' ${daemonLine} --json ''`),
  );
  expect(await planned(remoteConfig({ command: 'srun' }))).toEqual([`srun ${daemonLine} --json`]);
});

test('remoteConfig() - quote: true makes one argument of it, for a shell', async () => {
  const daemon = { modules: ["/it's"] };
  const [command = ''] = await planned(
    remoteConfig({ command: 'printf', args: ['%s', '.'], quote: true, daemon }),
  );
  const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  expect(stdout).toBe(`${daemonLine} --modules '/it'\\''s' --json`);
});

test('a command - runs without a shell, and is done when a daemon is ready, which lives on', async () => {
  const daemon = fakeDaemon();
  const [file = '', ...args] = daemon.command;
  const config = remoteConfig({
    ...{ command: file, args: [...args, '$HOME', '.'], daemon: { command: ["it's"] } },
  });
  const [result] = await launch(config);
  const { argv, pid } = await daemon.started();
  expect(result).toMatchObject({ state: 'ready', id: `d-${pid}` });
  expect(argv.slice(0, 3)).toEqual(['$HOME', "it's", 'daemon']);
  expect(isAlive(pid)).toBe(true);
});

test('a command - one that ends well has submitted something', async () => {
  const config = remoteConfig({ command: 'sh', args: ['-c', 'echo "  \u001b[1mjob\u001b[0m 7"', '.'], n: 2 });
  expect(await launch(config)).toEqual(
    Array(2).fill({ state: 'submitted', id: undefined, output: 'job 7', command: expect.any(String) }),
  );
});

test('a command - has the environment of the host, and no secrets that were given in code', async () => {
  const daemon = fakeDaemon();
  const [file = '', ...args] = daemon.command;
  await launch(remoteConfig({ command: file, args: [...args, '.'] }), {
    ...target,
    environment: { NATS_TOKEN: 'secret' },
  });
  const { env } = await daemon.started();
  expect(env).toEqual(expect.objectContaining({ PATH: process.env.PATH }));
  expect(env).not.toHaveProperty('NATS_TOKEN');
});

test('a command - one that leaves something running with its output open', async () => {
  const config = remoteConfig({ command: 'sh', args: ['-c', 'sleep 1000 & echo $!', '.'], timeout: 200 });
  const [result] = await launch(config);
  expect(result).toMatchObject({ state: 'submitted', output: expect.stringMatching(/^\d+$/) });
  expect(isAlive(Number(result?.output))).toBe(true);
  process.kill(Number(result?.output));
});

test('a command - one that fails, while another holds its output', async () => {
  const script = 'sleep 1000 & echo "$! out of luck" >&2; exit 9';
  const message = await launchFailure(remoteConfig({ command: 'sh', args: ['-c', script, '.'] }));
  const [, pid] =
    /^launchRemote: the command sh -c .* failed with exit code 9: (\d+) out of luck$/.exec(message) ?? [];
  expect(isAlive(Number(pid))).toBe(true);
  process.kill(Number(pid));
});

test('a command - one that is ended by a signal, and has written to stdout only', async () => {
  const message = await launchFailure(
    remoteConfig({ command: 'sh', args: ['-c', 'echo why; kill -9 $$', '.'] }),
  );
  expect(message).toMatch(/ was ended by SIGKILL: why$/);
});

test('a command - one that takes too long is ended', async () => {
  const daemon = fakeDaemon('silent');
  const [command = '', ...args] = daemon.command;
  const failed = launchFailure(remoteConfig({ command, args: [...args, '.'], timeout: 2000 }));
  const { pid } = await daemon.started();
  expect(await failed).toMatch(/ was not done within 2000 ms, and was ended$/);
  await until(() => !isAlive(pid));
});

test('a command - arguments that are too long for the system', async () => {
  const config = remoteConfig({ command: 'true', args: ['x'.repeat(4_000_000), '.'] });
  expect(await launchFailure(config)).toMatch(/ cannot be run: spawn E2BIG$/);
});

test.each<[unknown, string]>([
  [undefined, ' must be an object (got undefined)'],
  [{ command: undefined }, '.command must be a string that is not empty (got undefined)'],
  [{ args: '.' }, '.args must be an array of arguments, with \'.\' for the command of the daemon (got ".")'],
  [
    { args: ['x'] },
    ".args must be an array of arguments, with '.' for the command of the daemon (got no '.')",
  ],
  [{ args: ['.', 1] }, '.args[1] must be a string (got 1)'],
  [{ args: ['.', '\0'] }, '.args[1] must be a string that is not empty, without NUL (got "\\u0000")'],
  [{ quote: 1 }, '.quote must be a boolean (got 1)'],
  [{ n: null }, '.n must be a positive integer (got null)'],
])('remoteConfig(%j) throws a TypeError', (config, message) => {
  const given = config && { command: 'x', ...config };
  // cast: it is wrong
  expect(() => remoteConfig(given as RemoteConfig)).toThrow(new TypeError(`remoteConfig: config${message}`));
});
