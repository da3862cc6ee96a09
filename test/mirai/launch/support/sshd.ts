import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../support/free-port.js';
import { isAlive } from '../../support/run-program.js';

const sshd = '/usr/sbin/sshd';

export interface SshServer {
  /** `ssh://user@127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  /** Options of ssh by which it logs in there, and has no configuration of the user. */
  readonly options: readonly string[];
  stop(): Promise<void>;
}

/** Starts a server of SSH on the loopback interface, for the user who runs the tests. */
export async function startSshd(): Promise<SshServer> {
  if (!existsSync(sshd) || !existsSync('/usr/bin/ssh')) {
    throw new Error(
      'sshd or ssh is not installed: apt-get install --yes --no-install-recommends openssh-server openssh-client',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'));
  const at = (name: string) => join(folder, name);
  for (const name of ['host', 'user']) {
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  }
  copyFileSync(at('user.pub'), at('authorized'));
  // Where root runs it, it leaves its rights there.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const { port, child } = await listening(folder);
  writeFileSync(at('known'), `[127.0.0.1]:${port} ${readFileSync(at('host.pub'), 'utf8')}`);
  const set = { IdentitiesOnly: 'yes', UserKnownHostsFile: at('known'), StrictHostKeyChecking: 'yes' };
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    port,
    options: [
      '-F',
      '/dev/null',
      '-i',
      at('user'),
      ...Object.entries(set).flatMap((pair) => ['-o', pair.join('=')]),
    ],
    async stop() {
      // Its sessions would go on without it.
      for (const pid of childrenOf(child.pid)) if (isAlive(pid)) process.kill(pid, 'SIGTERM');
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number | undefined): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

async function listening(folder: string) {
  for (;;) {
    const port = await freePort();
    writeFileSync(
      join(folder, 'config'),
      [
        'ListenAddress 127.0.0.1',
        `Port ${port}`,
        `HostKey ${join(folder, 'host')}`,
        `AuthorizedKeysFile ${join(folder, 'authorized')}`,
        ...['PidFile none', 'UsePAM no', 'StrictModes no', 'PermitRootLogin yes'],
        ...['PasswordAuthentication no', 'KbdInteractiveAuthentication no', ''],
      ].join('\n'),
    );
    const child = spawn(sshd, ['-f', join(folder, 'config'), '-D', '-e'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    for await (const line of createInterface({ input: child.stderr })) {
      log += `${line}\n`;
      if (!line.includes('Server listening')) continue;
      child.stderr.resume();
      return { port, child };
    }
    if (!log.includes('Address already in use')) throw new Error(`sshd has ended at its start: ${log}`);
  }
}
