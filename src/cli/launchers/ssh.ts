import { Option } from 'commander';
import { sshConfig } from '../../mirai/launch/ssh-config.js';
import { collect, port } from '../parsers.js';
import { daemonOf, given, launcher } from './launcher.js';

interface SshFlags {
  tunnel?: boolean;
  tunnelPort?: number;
  workdir?: string;
  ssh?: string;
  sshOption?: readonly string[];
}

export const sshLauncher = launcher<SshFlags>({
  name: 'ssh',
  summary: 'on machines to log in to',
  description:
    'Starts a daemon on each remote, by SSH with keys or an agent. Its connection stays for as long as the daemon.',
  examples: `  $ otel-mirai launch ssh --url nats://10.0.0.5:4222 --workdir /srv/app --modules tasks ada@node1 ssh://ada@node2:2222
  Where the remote cannot reach the server, through the connection:
    $ otel-mirai launch ssh --url nats://127.0.0.1:4222 --tunnel --workdir /srv/app --modules tasks node1
  With a key, and through another machine:
    $ otel-mirai launch ssh --url nats://10.0.0.5:4222 --ssh-option=-i --ssh-option=key --ssh-option=-J --ssh-option=gateway --workdir /srv/app --modules tasks node1`,
  add(command) {
    command
      .argument('<remotes...>', 'ssh://user@host:22, user@host, or a host of ~/.ssh/config')
      .option('--tunnel', 'forward a port there to the server, through the connection')
      .addOption(
        new Option('--tunnel-port <port>', 'the same, and which port (default: that of the server)')
          .argParser(port)
          .implies({ tunnel: true }),
      )
      .option('--workdir <directory>', 'directory there to start in')
      .option('--ssh <command>', 'the program (default: ssh)')
      .addOption(
        new Option('--ssh-option <word>', 'option of it; once for each word, as --ssh-option=-J').argParser(
          collect,
        ),
      );
  },
  config(remotes, flags) {
    const { tunnel, tunnelPort, workdir, ssh, sshOption, timeout } = flags;
    return sshConfig({
      remotes,
      daemon: daemonOf(flags),
      ...given({ tunnel: tunnelPort ?? tunnel, workdir, timeout, command: ssh, options: sshOption }),
    });
  },
});
