import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type SshServer, startSshd } from '../mirai/launch/support/sshd.js';
import { nats, natsStatus } from '../mirai/nats/support/library.js';
import { freePort } from '../mirai/support/free-port.js';
import { daemons, mirai } from '../mirai/support/library.js';
import { type NatsServer, startNatsServer } from '../mirai/support/nats-server.js';
import { isAlive } from '../mirai/support/run-program.js';
import { until } from '../mirai/support/until.js';
import { cli, main } from './support/cli.js';

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

test('launch ssh - the daemon and its tunnel go on when the command has ended, and nobody reads what it writes', async () => {
  const compute = 'outlives';
  const words = (option: string, values: readonly string[]) => values.map((value) => `${option}=${value}`);
  const { code, stdout, stderr } = await cli([
    ...[
      'launch',
      'ssh',
      '--url',
      server.url,
      '--compute',
      compute,
      '--tunnel-port',
      String(await freePort()),
    ],
    ...words('--ssh-option', ssh.options),
    ...words('--daemon-command', [process.execPath, main]),
    ...['--allow-source', '--output', ssh.url],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { daemons: list } = await natsStatus({ servers: server.url, compute });
  const pids = list.map(({ pid }) => pid);
  onTestFinished(() => {
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  expect(stdout).toBe(`ready: daemon ${list[0]?.id}\n`);

  onTestFinished(async () => void (await daemons(0, { compute })));
  await daemons({ engine: nats({ servers: server.url }), compute });
  const speak = (n: number) => {
    for (let line = 0; line < 1000; line++) console.log('x'.repeat(1000));
    return n;
  };
  for (const n of [1, 2, 3]) expect(await mirai(speak, [n], { compute })).toBe(n);
  expect(pids.map(isAlive)).toEqual([true]);
  // It has something to say then, too.
  for (const pid of pids) process.kill(pid, 'SIGTERM');
  await until(() => !pids.some(isAlive));
});
