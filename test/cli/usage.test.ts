import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../mirai/support/scratch.js';
import { usageError } from './support/cli.js';

const url = ['--url', 'nats://127.0.0.1:1'];
const nothingAllowed =
  "option '--modules <path>' is missing: expected files or directories that tasks may name, or '--allow-source'";

test.each<[args: string[], message: string]>([
  [['deamon'], "error: unknown command 'deamon'\n(Did you mean daemon?)"],
  [['daemon', '--ulr', 'x'], "error: unknown option '--ulr'\n(Did you mean --url?)"],
  [['daemon', '--url'], "error: option '--url <url...>' argument missing"],
  [['daemon', 'more', ...url], 'error: too many arguments for'],
  [['daemon', ...url, '--concurrency', '0'], 'Expected an integer from 1 to 1024.'],
  [['daemon', ...url, '--concurrency', '1e3'], 'Expected an integer from 1 to 1024.'],
  [['launch', 'ssh', ...url, '--concurrency', '1025', 'a'], 'Expected an integer from 1 to 1024.'],
  [['daemon', ...url, '--largest', '64MiB'], 'Expected a positive integer.'],
  [['daemon', ...url], `error: ${nothingAllowed}`],
  [['daemon', ...url, '--json', '--concurrency', '2'], `error: ${nothingAllowed}`],
  [['launch', 'slurm', ...url, '--dry-run'], `error: ${nothingAllowed}`],
  [
    ['daemon', ...url, '--max-tasks', '-1'],
    "option '--max-tasks <n>' argument '-1' is invalid. Expected a positive",
  ],
  [['daemon', ...url, '--engine', 'inline'], "'inline' is invalid. Allowed choices are threads, processes."],
  [
    ['daemon', ...url, '--idle-time', '5x'],
    "option '--idle-time <time>' argument '5x' is invalid. Expected a time",
  ],
  [
    ['daemon', ...url, '--idle-time', ''],
    "option '--idle-time <time>' argument '' is invalid. Expected a time",
  ],
  [['daemon', ...url, '--wall-time', '25d'], 'Expected a time up to 24 days'],
  [['daemon', ...url, '--grace', '-1'], 'a number alone is in seconds.'],
  [
    ['daemon', ...url, '--creds', 'a', '--token-file', 'b'],
    "'--token-file <file>' cannot be used with option '--creds",
  ],
  [
    ['daemon', ...url, '--password-file', 'a', '--token-file', 'b'],
    "'--token-file <file>' cannot be used with option",
  ],
  [['daemon', ...url, '--user', 'ada'], "error: option '--user' needs '--password-file' or NATS_PASSWORD"],
  [['daemon', ...url, '--token-file', '/nowhere'], "error: option '--token-file': ENOENT"],
  [['daemon', ...url, '--creds', '/nowhere'], "error: option '--creds': ENOENT"],
  [
    ['daemon', ...url, '--tls-cert', '/nowhere'],
    "error: options '--tls-cert' and '--tls-key' must be given together",
  ],
  [['daemon'], "error: option '--url <url>' is missing: expected nats://host:4222, or NATS_URL"],
  [
    ['daemon', '--url', 'http://a'],
    `error: option '--url <url>' must be a URL such as 'nats://10.0.0.5:4222' (got "http://a")`,
  ],
  [['status', ...url, '--watch', '0'], 'Expected a time of at least 1ms.'],
  [['status', ...url, '--modules', 'x'], "error: unknown option '--modules'"],
  [['launch', 'shs'], "error: unknown command 'shs'"],
  [['launch', 'ssh', ...url], "error: missing required argument 'remotes'"],
  [['launch', 'ssh', ...url, '-oProxyCommand=x'], "error: unknown option '-oProxyCommand=x'"],
  [
    ['launch', 'ssh', ...url, '--', '-oProxyCommand=x'],
    "error: argument 'remotes' must be 'ssh://user@host:22' or 'user@host'",
  ],
  [['launch', 'ssh', ...url, '--tunnel-port', '70000', 'a'], 'Expected a port from 1 to 65535.'],
  [['launch', 'ssh', 'a'], "error: option '--url <url>' is missing"],
  [
    ['launch', 'slurm', ...url, '-n', '0'],
    "option '-n <count>' argument '0' is invalid. Expected a positive integer.",
  ],
  [['launch', 'slurm', ...url, '--script', '/nowhere'], "error: option '--script': ENOENT"],
  [['launch', 'slurm', ...url, '--timeout', '0'], 'Expected a time of at least 1ms.'],
  [['launch', 'command', ...url], "error: missing required argument 'command'"],
  [
    ['launch', 'http', ...url, 'http://a'],
    "error: option '--body <json>' or '--body-file <file>' is missing",
  ],
  [['launch', 'http', ...url, '--body', '{', 'http://a'], "error: option '--body': expected JSON"],
  [
    ['launch', 'http', ...url, '--body', '{}', 'http://a'],
    "error: option '--body' must be a function, or a value for JSON",
  ],
  [
    ['launch', 'http', ...url, '--body', '["."]', 'a'],
    `error: argument 'address' must be a URL with http: or https: (got "a")`,
  ],
  [['launch', 'http', ...url, '--body', '["."]', '--header', 'x', 'http://a'], "expected 'name: value'"],
])('otel-mirai %j is wrong usage', async (args, message) => {
  expect(await usageError(args)).toContain(message);
});

test('a URL with a password is refused, and not shown', async () => {
  const secret = 'nats://ada:secret@127.0.0.1:1';
  for (const command of [['daemon'], ['status'], ['launch', 'ssh', 'a', '--dry-run']]) {
    const byOption = await usageError([...command, '--url', secret]);
    expect(byOption).toContain("error: option '--url <url>' must hold no user, password or token");
    const byVariable = await usageError(command, { env: { NATS_URL: `nats://a,${secret}` } });
    expect(byVariable).toContain('error: NATS_URL must hold no user, password or token');
    expect(byOption + byVariable).not.toContain('secret');
  }
});

test('an empty file of a token is refused', async () => {
  const file = join(scratchFolder(), 'token');
  writeFileSync(file, '\n');
  expect(await usageError(['daemon', ...url, '--token-file', file])).toBe(
    `error: option '--token-file': ${file} is empty`,
  );
});
