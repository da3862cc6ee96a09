import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { fakeDaemon } from '../mirai/launch/support/launched.js';
import { ended, isAlive } from '../mirai/support/run-program.js';
import { scratchFolder } from '../mirai/support/scratch.js';
import { until } from '../mirai/support/until.js';
import { cli, main, startCli } from './support/cli.js';

const url = ['--url', 'nats://10.0.0.5:4222', '--modules', '/srv'];
const daemon = 'npx --no otel-mirai daemon --url nats://10.0.0.5:4222 --compute default --modules /srv';

/** What it prints that it would run. */
async function printed(
  [launcher = '', ...args]: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await cli(['launch', launcher, '--dry-run', ...args], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

function words(command: readonly string[]): string[] {
  return command.flatMap((word) => ['--daemon-command', word]);
}

test('launch ssh --dry-run - prints a line for each remote', async () => {
  const start = 'ssh -f -T -o BatchMode=yes -o ConnectTimeout=60';
  expect(await printed(['ssh', ...url, 'ada@a', 'ssh://b:2222'])).toBe(
    `${start} -- ada@a 'exec ${daemon} --json'\n${start} -p 2222 -- b 'exec ${daemon} --json'\n`,
  );
  const options = ['--tunnel', '--ssh', '/opt/ssh', '--ssh-option=-J', '--ssh-option=gate', '--timeout', '5'];
  expect(await printed(['ssh', ...url, ...options, '--workdir', '/srv', 'a'])).toBe(
    `/opt/ssh -J gate -f -T -o BatchMode=yes -o ConnectTimeout=5 -o ExitOnForwardFailure=yes -o ServerAliveInterval=15 -R 127.0.0.1:4222:10.0.0.5:4222 -- a 'cd /srv && exec ${daemon.replace('10.0.0.5', '127.0.0.1')} --json'\n`,
  );
  expect(await printed(['ssh', ...url, '--tunnel-port', '14222', 'a'])).toContain(
    ' -R 127.0.0.1:14222:10.0.0.5:4222 ',
  );
});

test.each([
  ['slurm', 'sbatch --array=1-3', ''],
  ['sge', 'qsub -t 1-3', '#$ -S /bin/sh\n'],
  ['pbs', 'qsub -J 1-3', '#PBS -S /bin/sh\n'],
  ['torque', 'qsub -t 1-3', '#PBS -S /bin/sh\n'],
  ['lsf', "bsub -J 'otel-mirai[1-3]'", ''],
])('launch %s --dry-run - prints what submits the script', async (name, submit, preamble) => {
  const script = join(scratchFolder(), 'job.sh');
  writeFileSync(script, 'module load node\n');
  const options = [
    '-n',
    '3',
    '--directive',
    '#A b',
    '--directive',
    '#C',
    '--script',
    script,
    '--workdir',
    '/srv',
  ];
  expect(await printed([name, ...url, ...options])).toBe(
    `${submit} <<'EOF'\n#!/bin/sh\n${preamble}#A b\n#C\nmodule load node\ncd /srv && exec ${daemon}\nEOF\n`,
  );
});

test('launch command --dry-run - prints the command as often as it would be run', async () => {
  const docker = ['docker', 'run', '--rm', 'my image'];
  expect(await printed(['command', ...url, '-n', '2', '--', ...docker, '.', 'end'])).toBe(
    `docker run --rm 'my image' ${daemon} --json end\n`.repeat(2),
  );
  expect(await printed(['command', ...url, '--quote', '--', 'sh', '-c'])).toBe(`sh -c '${daemon} --json'\n`);
});

test('launch http --dry-run - prints a request without secrets', async () => {
  const token = join(scratchFolder(), 'token');
  writeFileSync(token, 'secret\n');
  const options = [
    '--header',
    'X-Key: secret',
    '--bearer-file',
    token,
    '--method',
    'PUT',
    '--body',
    '{"run":"."}',
  ];
  expect(await printed(['http', ...url, ...options, 'https://jobs.example.org/v1'])).toBe(
    `curl -X PUT -H 'authorization: Bearer ***' -H 'content-type: application/json' -H 'x-key: ***' --data-raw '{"run":"${daemon}"}' https://jobs.example.org/v1\n`,
  );
});

test('launch local --dry-run - hands all options of the daemon on, and no secrets of the environment', async () => {
  const options = [
    ...[
      '--compute',
      'gpu',
      '--modules',
      'a.js',
      '--modules',
      'b=c.js',
      '--allow-source',
      '--concurrency',
      '2',
    ],
    ...[
      '--engine',
      'processes',
      '--setup',
      'otel.js',
      '--max-tasks',
      '5',
      '--idle-time',
      '1.5m',
      '--wall-time',
      '60',
    ],
    ...[
      '--grace',
      '20ms',
      '--largest',
      '1000',
      '--output',
      '--no-tracing',
      '--user',
      'ada',
      '--password-file',
      '/p',
    ],
    ...['--tls-ca', '/ca', '--tls-cert', '/cert', '--tls-key', '/key'],
  ];
  const env = { NATS_URL: 'nats://a:1, tls://b', NATS_TOKEN: 'secret', NATS_PASSWORD: 'secret' };
  expect(await printed(['local', ...options, '-n', '1'], env)).toBe(
    `${[
      `${process.execPath} ${main} daemon --url nats://a:1 --url tls://b --compute gpu`,
      '--modules a.js --modules b=c.js --allow-source --concurrency 2 --engine processes --setup otel.js',
      '--max-tasks 5 --idle-time 90000ms --wall-time 60000ms --grace 20ms --largest 1000 --output --no-tracing',
      '--user ada --password-file /p --tls-ca /ca --tls-cert /cert --tls-key /key --json',
    ].join(' ')}\n`,
  );
  const both = await printed(
    ['local', '--url', 'nats://a, nats://b', '--url', 'nats://c', '--allow-source'],
    env,
  );
  expect(both).toContain(' daemon --url nats://a --url nats://b --url nats://c --compute ');
  const { stdout } = await cli(['launch', 'local', ...url, '--dry-run', '--json']);
  expect(JSON.parse(stdout)).toEqual({
    ...{
      state: 'planned',
      output: '',
      command: expect.stringContaining(' daemon --url nats://10.0.0.5:4222 '),
    },
  });
});

test('launch local - ends when the daemon is ready, which lives on', async () => {
  const fake = fakeDaemon();
  const args = ['launch', 'local', ...url, ...words(fake.command)];
  const { code, stdout, stderr } = await cli(args, { env: { NATS_TOKEN: 'secret' } });
  const { pid, env, argv } = await fake.started();
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `ready: daemon d-${pid}\n`, stderr: '' });
  expect(isAlive(pid)).toBe(true);
  expect(env.NATS_TOKEN).toBe('secret');
  expect(argv.join(' ')).not.toContain('secret');
});

test('launch local - what it prints does the same in a shell', async () => {
  const fake = fakeDaemon('end');
  const command = await printed(['local', ...url, '--modules', "it's $HOME", ...words(fake.command)]);
  expect(spawnSync('sh', { input: command }).status).toBe(0);
  expect((await fake.started()).argv).toContain("it's $HOME");
});

test('launch command - says what was submitted', async () => {
  const args = ['launch', 'command', ...url];
  expect(await cli([...args, '--', 'echo'])).toMatchObject({
    ...{
      code: 0,
      stdout: `submitted: ${daemon} --json\n`,
    },
  });
  expect(await cli([...args, '-n', '2', '--', 'true'])).toMatchObject({
    code: 0,
    stdout: 'submitted\nsubmitted\n',
  });
  const { stdout } = await cli([...args, '--json', '--', 'true']);
  expect(JSON.parse(stdout)).toEqual({ state: 'submitted', output: '', command: `true ${daemon} --json` });
});

test('launch command - what was started is said, though another one fails', async () => {
  const folder = join(scratchFolder(), 'first');
  const script = `mkdir '${folder}' || exit 3; echo '{"event":"ready","id":"d-1"}'`;
  const launch = ['launch', 'command', ...url, '-n', '2'];
  const { code, stdout, stderr } = await cli([...launch, '--', 'sh', '-c', script, '.']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'ready: daemon d-1\n' });
  expect(stderr).toMatch(/^error: 1 of 2 launches by command failed:\n/);
  rmSync(folder, { recursive: true });
  const json = await cli([...launch, '--json', '--', 'sh', '-c', script, '.']);
  expect(JSON.parse(json.stdout)).toMatchObject({ state: 'ready', id: 'd-1' });
});

test('launch command - where the command may have an allow list of its own', async () => {
  const own = ['--daemon-command', 'my-daemon', '--', 'echo'];
  const { code, stdout } = await cli(['launch', 'command', '--url', 'nats://a:1', '--dry-run', ...own]);
  expect({ code, stdout }).toEqual({
    ...{ code: 0, stdout: 'echo my-daemon daemon --url nats://a:1 --compute default --json\n' },
  });
});

test('launch command - a command that fails', async () => {
  const script = 'echo no >&2; exit 3';
  expect(await cli(['launch', 'command', ...url, '--', 'sh', '-c', script, '.'])).toMatchObject({
    ...{ code: 1, stdout: '' },
    stderr: `error: the command sh -c '${script}' ${daemon} --json failed with exit code 3: no\n`,
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('launch command - %s ends the command, too', async (signal, code) => {
  const fake = fakeDaemon('silent');
  const child = startCli(['launch', 'command', ...url, '--', ...fake.command]);
  const end = ended(child);
  const { pid } = await fake.started();
  child.kill(signal);
  expect(await end).toMatchObject({ code, stdout: '' });
  await until(() => !isAlive(pid));
});

test('launch http - sends the request', async () => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.end('job 7');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const file = join(scratchFolder(), 'job.json');
  writeFileSync(file, '{"run":["sh","-c","."]}');
  const args = ['launch', 'http', ...url, '--body-file', file, `http://127.0.0.1:${port}`];
  expect(await cli(args)).toMatchObject({ code: 0, stdout: 'submitted: job 7\n' });
  expect(bodies).toEqual([JSON.stringify({ run: ['sh', '-c', daemon] })]);
});
