import { Option } from 'commander';
import { remoteConfig } from '../../mirai/launch/remote-config.js';
import { positiveInteger } from '../parsers.js';
import { daemonOf, given, launcher } from './launcher.js';

interface CommandFlags {
  n?: number;
  quote?: boolean;
}

export const commandLauncher = launcher<CommandFlags>({
  name: 'command',
  summary: 'by any other command',
  description:
    "Runs a command, without a shell. Its argument '.' stands for the command of the daemon; where there is none, it is the last one.",
  examples: `  $ otel-mirai launch command --url nats://10.0.0.5:4222 -n 2 --modules /srv/tasks -- docker run --detach my-image .
  As one argument, for a program that hands it to a shell:
    $ otel-mirai launch command --url nats://10.0.0.5:4222 --modules /srv/tasks --quote -- su worker -c .`,
  add(command) {
    command
      .argument('<command>', 'the program; write -- before it')
      .argument('[args...]', "its arguments, with '.' for the command of the daemon")
      .addOption(new Option('-n <count>', 'how often (default: 1)').argParser(positiveInteger))
      .option('--quote', 'the command of the daemon is one argument, quoted for a shell');
  },
  config([command = '', ...args], flags) {
    const { n, quote, timeout } = flags;
    return remoteConfig({
      command,
      args: args.includes('.') ? args : [...args, '.'],
      daemon: daemonOf(flags),
      ...given({ n, quote, timeout }),
    });
  },
});
