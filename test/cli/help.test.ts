import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, main } from './support/cli.js';

const launchers = ['ssh', 'slurm', 'sge', 'pbs', 'torque', 'lsf', 'command', 'http', 'local'];

test('otel-mirai --help names the commands and the exit codes', async () => {
  const { code, stdout, stderr } = await cli(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const text of ['daemon ', 'status ', 'launch ', 'Exit codes:', 'otel-mirai daemon --help']) {
    expect(stdout).toContain(text);
  }
});

test('otel-mirai alone is wrong usage, and shows the help', async () => {
  const { code, stdout, stderr } = await cli([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: otel-mirai /);
});

test('otel-mirai launch alone is wrong usage, and names the launchers', async () => {
  const { code, stderr } = await cli(['launch']);
  expect(code).toBe(2);
  for (const name of launchers) expect(stderr).toContain(`\n  ${name} `);
});

test('otel-mirai --version is that of the package', async () => {
  const manifest = join(dirname(main), '..', '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }; // cast: it has one
  expect(await cli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test.each([['daemon'], ['status'], ...launchers.map((name) => ['launch', name])].map((words) => ({ words })))(
  'otel-mirai $words --help has all that it takes to use it',
  async ({ words }) => {
    const { code, stdout } = await cli([...words, '--help']);
    expect(code).toBe(0);
    for (const text of ['--url <url', '--compute <name>', '--json', 'Times: ', 'Exit codes:', 'Examples:']) {
      expect(stdout).toContain(text);
    }
    expect(stdout).toMatch(new RegExp(`\\$ (NATS_TOKEN=… )?otel-mirai ${words.join(' ')} `));
    // Neither shows a stack nor something that was not filled in.
    expect(stdout).not.toMatch(/undefined|\bat .*\.js:\d/);
  },
);

test.each([['daemon'], ['status'], ['launch']])(
  'otel-mirai %s --help names the variables',
  async (command) => {
    const { stdout } = await cli([command, '--help']);
    for (const name of ['NATS_URL', 'NATS_TOKEN', 'NATS_USER', 'NATS_PASSWORD'])
      expect(stdout).toContain(name);
  },
);
