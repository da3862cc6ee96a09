import { expect, test } from 'vitest';
import {
  checkDaemon,
  daemonCommand,
  type LaunchDaemonOptions,
} from '../../../src/mirai/launch/daemon-command.js';
import { daemonLine, target } from './support/target.js';

const where = 'sshConfig: config.daemon';
const line = (options?: LaunchDaemonOptions, watched?: boolean) =>
  daemonCommand(where, target, options, watched).join(' ');

test('daemonCommand() - runs what is installed, and downloads nothing, by default', () => {
  expect(line()).toBe(daemonLine);
});

test('daemonCommand() - all servers, ports only where there are any', () => {
  const servers = ['nats://a', 'tls://[::1]:4443', 'b:4222'];
  expect(daemonCommand(where, { servers, compute: 'gpu' })).toEqual([
    ...['npx', '--no', 'otel-mirai', 'daemon'],
    ...['--url', 'nats://a', '--url', 'tls://[::1]:4443', '--url', 'nats://b:4222', '--compute', 'gpu'],
  ]);
});

test('daemonCommand() - every option', () => {
  const options: Required<LaunchDaemonOptions> = {
    command: ['node', '/opt/main.js'],
    modules: ['/srv/a.js', 'b=/srv/b.js'],
    allowSource: true,
    concurrency: 4,
    engine: 'processes',
    setup: '/srv/otel.js',
    maxTasks: 10,
    idleTime: 5000,
    wallTime: 60_000,
    grace: 20,
    largest: 1000,
    output: true,
    tracing: false,
    tokenFile: '/t',
    user: 'ada',
    passwordFile: '/p',
    nkeyFile: '/n',
    credentialsFile: '/c',
    tls: { caFile: '/ca', certFile: '/cert', keyFile: '/key' },
  };
  expect(line(options, true)).toBe(
    [
      'node /opt/main.js daemon --url nats://10.0.0.5:4222 --compute default',
      '--modules /srv/a.js --modules b=/srv/b.js --allow-source --concurrency 4 --engine processes',
      '--setup /srv/otel.js --max-tasks 10 --idle-time 5000ms --wall-time 60000ms --grace 20ms --largest 1000 --output --no-tracing',
      '--token-file /t --user ada --password-file /p --nkey /n --creds /c',
      '--tls-ca /ca --tls-cert /cert --tls-key /key --json',
    ].join(' '),
  );
});

test('daemonCommand() - flags that say what is the default anyway are left out', () => {
  expect(line({ allowSource: false, output: false, tracing: true })).toBe(daemonLine);
});

test('daemonCommand() - a value with a dash is not taken for an option', () => {
  expect(
    daemonCommand(where, { ...target, compute: '-x' }, { modules: ['--allow-source'] }).slice(6),
  ).toEqual(['--compute=-x', '--modules=--allow-source']);
});

test.each([
  'nats://ada:secret@10.0.0.5:4222',
  'nats://secret@10.0.0.5',
  'secret@10.0.0.5:4222',
  'nats://ada:secret@10.0.0.5:port',
])('daemonCommand() - refuses %s, and does not show it', (server) => {
  const command = () => daemonCommand(where, { servers: ['nats://a:1', server], compute: 'default' });
  expect(command).toThrow(TypeError);
  expect(command).toThrow(
    /^sshConfig: the URL of the server must hold no user, password or token.*NATS_TOKEN/,
  );
  expect(command).not.toThrow(/secret/);
});

test.each(['http://10.0.0.5', 'nats://', 'nats://a:99999'])('daemonCommand() - refuses %s', (server) => {
  expect(() => daemonCommand(where, { servers: [server], compute: 'default' })).toThrow(
    new TypeError(
      `sshConfig: the URL of the server must be a URL such as 'nats://10.0.0.5:4222' (got "${server}")`,
    ),
  );
});

test.each<[unknown, string]>([
  [1, ' must be an object (got 1)'],
  [null, ' must be an object (got null)'],
  [{ command: 'npx' }, '.command must be an array of words (got "npx")'],
  [{ command: [] }, '.command must be an array of words (got none)'],
  [{ command: [''] }, '.command[0] must be a string that is not empty (got "")'],
  [{ modules: '/srv' }, '.modules must be an array of paths (got "/srv")'],
  [{ modules: [1] }, '.modules[0] must be a string that is not empty (got 1)'],
  [{ setup: 'a\0b' }, '.setup must be a string that is not empty, without NUL (got "a\\u0000b")'],
  [{ allowSource: 'yes' }, '.allowSource must be a boolean (got "yes")'],
  [{ engine: 'inline' }, ".engine must be 'threads', 'processes' (got \"inline\")"],
  [{ concurrency: '2' }, '.concurrency must be an integer from 1 to 1024 (got "2")'],
  [{ tls: 'ca.pem' }, '.tls must be an object (got "ca.pem")'],
  [{ tls: { caFile: 1 } }, '.tls.caFile must be a string that is not empty (got 1)'],
  [{ tokenFile: '' }, '.tokenFile must be a string that is not empty (got "")'],
])('checkDaemon(%j) throws a TypeError', (options, message) => {
  expect(() => checkDaemon(where, options)).toThrow(new TypeError(`${where}${message}`));
});

test.each<[LaunchDaemonOptions, string]>([
  [{ concurrency: 0 }, 'concurrency must be an integer from 1 to 1024 (got 0)'],
  [{ concurrency: 1025 }, 'concurrency must be an integer from 1 to 1024 (got 1025)'],
  [{ largest: 0 }, 'largest must be a positive integer (got 0)'],
  [{ maxTasks: 1.5 }, 'maxTasks must be a positive integer (got 1.5)'],
  [{ idleTime: -1 }, 'idleTime must be a whole number of milliseconds up to 2147483647 (got -1)'],
  [
    { wallTime: Number.POSITIVE_INFINITY },
    'wallTime must be a whole number of milliseconds up to 2147483647 (got Infinity)',
  ],
  [{ grace: Number.NaN }, 'grace must be a whole number of milliseconds up to 2147483647 (got NaN)'],
])('checkDaemon(%j) throws a RangeError', (options, message) => {
  expect(() => checkDaemon(where, options)).toThrow(new RangeError(`${where}.${message}`));
});
