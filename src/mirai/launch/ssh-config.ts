import { check } from '../../errors.js';
import { checkInteger, checkText, checkTexts, checkTimeout } from './check-config.js';
import { checkDaemon, daemonCommand, type LaunchDaemonOptions } from './daemon-command.js';
import type { LaunchConfig } from './launch-config.js';
import type { LaunchTarget } from './launch-target.js';
import { quote } from './quote.js';
import { runCommand } from './run-command.js';
import { publicServers } from './servers.js';
import { destination, type Remote, remoteOf } from './ssh-remote.js';
import { startIn } from './start-in.js';

export interface SshConfig {
  /**
   * Where daemons are started, one for each: `'ssh://user@host:22'`, `'user@host'`, `'host'`, or a name of `~/.ssh/config`. For
   * more tasks at a time on a machine, give its daemon more `concurrency`.
   */
  remotes: string | readonly string[];
  /**
   * Whether daemons reach the server of NATS through the connection of ssh, where a firewall is in the way: a port of the
   * loopback interface there is forwarded to the server (`ssh -R`). It is the port of the server, or the one that is given
   * here, and the next ones for further servers and further daemons on the same remote. With `tls://` servers the
   * certificate has to be valid for 127.0.0.1. Default: false.
   */
  tunnel?: boolean | number;
  /** Milliseconds until the daemon has to be ready. Default: 60,000. */
  timeout?: number;
  /** The program. Default: `'ssh'`. */
  command?: string;
  /** Further options of it: `['-i', '/home/me/key', '-J', 'gateway']`. They win over those that are set here. */
  options?: readonly string[];
  /** Directory on the remote machine that the daemon is started in; relative to that of the login, which is the default. */
  workdir?: string;
  daemon?: LaunchDaemonOptions;
}

const defaultPort = 4222;

/**
 * Starts daemons over SSH, with keys or an agent: nothing can be typed in. The program goes to the background when it has
 * logged in, and stays there for as long as the daemon.
 *
 * Tokens and passwords are not sent: daemons have them in files, or in the environment that a login gets there.
 *
 * @throws TypeError, RangeError if an option is not what it must be
 *
 * Source: `ssh_config()` of the R package `mirai`.
 */
export function sshConfig(config: SshConfig): LaunchConfig {
  check('sshConfig: config', 'object', config, 'an object');
  const { tunnel = false, command = 'ssh', options = [], workdir, daemon } = config;
  const remotes = checkRemotes(config.remotes);
  if (typeof tunnel === 'number') {
    checkInteger('sshConfig: config.tunnel', tunnel, 1, 65_535, 'a boolean or a port');
  } else check('sshConfig: config.tunnel', 'boolean', tunnel, 'a boolean or a port');
  const timeout = checkTimeout('sshConfig: config.timeout', config.timeout);
  checkText('sshConfig: config.command', command);
  checkTexts('sshConfig: config.options', options, 'an array of options of ssh');
  if (workdir !== undefined) checkText('sshConfig: config.workdir', workdir);
  checkDaemon('sshConfig: config.daemon', daemon);

  const launch = (remote: Remote, ports: Ports | undefined, target: LaunchTarget) => {
    const tunnels = ports?.next(remote, target);
    const words = daemonCommand('sshConfig: config.daemon', tunnels?.target ?? target, daemon, true);
    const argv = [command, ...options, '-f', '-T', '-o', 'BatchMode=yes'];
    argv.push('-o', `ConnectTimeout=${Math.ceil(timeout / 1000)}`);
    // So that a tunnel that cannot be made, or that has broken, is noticed.
    if (tunnels) argv.push('-o', 'ExitOnForwardFailure=yes', '-o', 'ServerAliveInterval=15');
    for (const forward of tunnels?.forwards ?? []) argv.push('-R', forward);
    if (remote.port !== undefined) argv.push('-p', String(remote.port));
    argv.push('--', destination(remote), startIn(workdir, words));
    return { command: quote(argv), run: () => runCommand(argv, { timeout, untilReady: true }) };
  };
  return {
    launcher: 'ssh',
    plan(target) {
      const ports = tunnel === false ? undefined : new Ports(tunnel === true ? undefined : tunnel);
      return remotes.map((remote) => launch(remote, ports, target));
    },
  };
}

function checkRemotes(remotes: unknown): readonly Remote[] {
  const expected = "'ssh://user@host:22', 'user@host', or an array of these";
  const list: readonly unknown[] = Array.isArray(remotes) ? remotes : [remotes];
  if (list.length === 0) throw new TypeError(`sshConfig: config.remotes must be ${expected} (got none)`);
  return list.map((remote) => remoteOf(checkText('sshConfig: config.remotes', remote, expected)));
}

/** Which ports of the remote machines lead back to the servers. */
class Ports {
  readonly #first: number | undefined;
  readonly #used = new Map<string, number>();

  constructor(first: number | undefined) {
    this.#first = first;
  }

  next(remote: Remote, target: LaunchTarget): { forwards: readonly string[]; target: LaunchTarget } {
    const machine = `${remote.host} ${remote.port}`;
    const forwards: string[] = [];
    const servers = publicServers('sshConfig: the URL of the server', target.servers);
    const first = this.#first ?? portOf(servers[0]);
    const tunnelled = servers.map((server) => {
      const used = this.#used.get(machine) ?? 0;
      const port = first + used;
      if (port > 65_535)
        throw new RangeError(`sshConfig: config.tunnel needs a port over 65535 of ${remote.host}`);
      this.#used.set(machine, used + 1);
      // Without the address, it would do where only that of IPv6 is free, and another server be found on the other.
      forwards.push(`127.0.0.1:${port}:${server.hostname}:${portOf(server)}`);
      return `${server.protocol}//127.0.0.1:${port}`;
    });
    return { forwards, target: { ...target, servers: tunnelled } };
  }
}

function portOf(server: URL | undefined): number {
  return Number(server?.port || defaultPort);
}
