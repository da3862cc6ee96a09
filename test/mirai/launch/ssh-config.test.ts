import { expect, test } from 'vitest';
import { type SshConfig, sshConfig } from '../../../src/mirai/launch/ssh-config.js';
import { planned } from './support/launch.js';
import { daemonLine, target } from './support/target.js';

const start = 'ssh -f -T -o BatchMode=yes -o ConnectTimeout=60';

// ssh(1) of OpenSSH: `-f` goes to the background before the command is executed, and with ExitOnForwardFailure after all
// remote forwards are there; `-R port:host:hostport`; `--` ends the options, which may follow the destination too.
test.each([
  ['node1', '-- node1'],
  ['ada@node1', '-- ada@node1'],
  ['ssh://node1', '-- node1'],
  ['ssh://ada@node1:2222', '-p 2222 -- ada@node1'],
  ['ssh://ada@[::1]:22/', '-p 22 -- ada@::1'],
  ['ada@realm@node1', '-- ada@realm@node1'],
  ['ssh://ada%40realm@node1', '-- ada@realm@node1'],
  ['[fe80::1%eth0]', "-- 'fe80::1%eth0'"],
])('sshConfig() - logs in to %s', async (remotes, words) => {
  expect(await planned(sshConfig({ remotes }))).toEqual([`${start} ${words} 'exec ${daemonLine} --json'`]);
});

test('sshConfig() - a command for each remote, with all that is set', async () => {
  const config = sshConfig({
    ...{
      remotes: ['a', 'b'],
      timeout: 1500,
      command: '/opt/ssh',
      options: ['-i', '/k e y', '-o', 'BatchMode=no'],
    },
    ...{ workdir: "/srv/it's", daemon: { command: ['otel-mirai'], modules: ['/srv/$x'] } },
  });
  const line = `/opt/ssh -i '/k e y' -o BatchMode=no -f -T -o BatchMode=yes -o ConnectTimeout=2 --`;
  const inner = String.raw`'cd '\''/srv/it'\''\'\'''\''s'\'' && exec otel-mirai daemon --url nats://10.0.0.5:4222 --compute default --modules '\''/srv/$x'\'' --json'`;
  expect(await planned(config)).toEqual([`${line} a ${inner}`, `${line} b ${inner}`]);
});

const forwarding = '-o ExitOnForwardFailure=yes -o ServerAliveInterval=15';

function forwards(commands: readonly string[]) {
  return commands.map((command) => ({
    forwards: [...command.matchAll(/-R (\S+)/g)].map(([, forward]) => forward),
    urls: [...command.matchAll(/--url (\S+)/g)].map(([, url]) => url),
  }));
}

test('sshConfig() - tunnel: true forwards the port of the server', async () => {
  const [command] = await planned(sshConfig({ remotes: 'a', tunnel: true }));
  expect(command).toBe(
    `${start} ${forwarding} -R 127.0.0.1:4222:10.0.0.5:4222 -- a 'exec ${daemonLine.replace('10.0.0.5', '127.0.0.1')} --json'`,
  );
});

test('sshConfig() - a tunnel has a port of its own for each server and each daemon of a remote', async () => {
  const servers = ['nats://a:4000', 'tls://[::1]'];
  const config = sshConfig({ remotes: ['x', 'y', 'ada@x', 'ssh://x:2222'], tunnel: true });
  expect(forwards(await planned(config, { ...target, servers }))).toEqual([
    {
      forwards: ['127.0.0.1:4000:a:4000', "'127.0.0.1:4001:[::1]:4222'"],
      urls: ['nats://127.0.0.1:4000', 'tls://127.0.0.1:4001'],
    },
    {
      forwards: ['127.0.0.1:4000:a:4000', "'127.0.0.1:4001:[::1]:4222'"],
      urls: ['nats://127.0.0.1:4000', 'tls://127.0.0.1:4001'],
    },
    {
      forwards: ['127.0.0.1:4002:a:4000', "'127.0.0.1:4003:[::1]:4222'"],
      urls: ['nats://127.0.0.1:4002', 'tls://127.0.0.1:4003'],
    },
    // Another port is another machine behind the same address, more often than not.
    {
      forwards: ['127.0.0.1:4000:a:4000', "'127.0.0.1:4001:[::1]:4222'"],
      urls: ['nats://127.0.0.1:4000', 'tls://127.0.0.1:4001'],
    },
  ]);
  expect(await planned(config, { ...target, servers })).toEqual(
    await planned(config, { ...target, servers }),
  );
});

test('sshConfig() - tunnel: a port', async () => {
  expect(forwards(await planned(sshConfig({ remotes: ['x', 'x'], tunnel: 14_222 })))).toEqual([
    { forwards: ['127.0.0.1:14222:10.0.0.5:4222'], urls: ['nats://127.0.0.1:14222'] },
    { forwards: ['127.0.0.1:14223:10.0.0.5:4222'], urls: ['nats://127.0.0.1:14223'] },
  ]);
  await expect(planned(sshConfig({ remotes: ['x', 'x'], tunnel: 65_535 }))).rejects.toThrow(
    new RangeError('sshConfig: config.tunnel needs a port over 65535 of x'),
  );
});

test.each([
  '-oProxyCommand=x',
  'ada@-x',
  '-l@node',
  'ssh://-oProxyCommand=x',
  'ssh://-l@node',
  'node1:22',
  'no de',
  'node;reboot',
  '$(reboot)',
  '`x`@node',
  'http://node',
  'ssh://',
  'ssh://node/path',
  'ssh://node?x',
  'ssh://node#x',
  'ssh://node:port',
  'ssh://a%00b@node',
  'ssh://a%zz@node',
  '@node',
  'node\n',
])('sshConfig() - refuses the remote %j', (remotes) => {
  expect(() => sshConfig({ remotes })).toThrow(
    new TypeError(
      `sshConfig: config.remotes must be 'ssh://user@host:22' or 'user@host', without a password (got ${JSON.stringify(remotes)})`,
    ),
  );
});

test('sshConfig() - refuses a password, and does not show it', () => {
  const config = () => sshConfig({ remotes: ['node', 'ssh://ada:secret@node'] });
  expect(config).toThrow('(got "ssh://ada:***@node")');
  expect(config).not.toThrow('secret');
});

const remotes = "'ssh://user@host:22', 'user@host', or an array of these";

test.each<[unknown, string]>([
  [null, ' must be an object (got null)'],
  [{ remotes: undefined }, `.remotes must be ${remotes} (got undefined)`],
  [{ remotes: [] }, `.remotes must be ${remotes} (got none)`],
  [{ remotes: [1] }, `.remotes must be ${remotes} (got 1)`],
  [{ tunnel: 'yes' }, '.tunnel must be a boolean or a port (got "yes")'],
  [{ timeout: null }, '.timeout must be a number of milliseconds from 1 to 2147483647 (got null)'],
  [{ command: ['ssh'] }, '.command must be a string that is not empty (got array)'],
  [{ options: '-v' }, '.options must be an array of options of ssh (got "-v")'],
  [{ options: ['a\0'] }, '.options[0] must be a string that is not empty, without NUL (got "a\\u0000")'],
  [{ workdir: '' }, '.workdir must be a string that is not empty (got "")'],
  [{ daemon: [] }, '.daemon must be an object (got array)'],
])('sshConfig(%j) throws a TypeError', (config, message) => {
  const given = config && { remotes: 'node', ...config };
  // cast: it is wrong
  expect(() => sshConfig(given as SshConfig)).toThrow(new TypeError(`sshConfig: config${message}`));
});

test.each([
  [{ tunnel: 0 }, 'tunnel must be a boolean or a port (got 0)'],
  [{ tunnel: 65_536 }, 'tunnel must be a boolean or a port (got 65536)'],
  [{ timeout: 2 ** 31 }, 'timeout must be a number of milliseconds from 1 to 2147483647 (got 2147483648)'],
])('sshConfig(%j) throws a RangeError', (config, message) => {
  expect(() => sshConfig({ remotes: 'node', ...config })).toThrow(
    new RangeError(`sshConfig: config.${message}`),
  );
});
