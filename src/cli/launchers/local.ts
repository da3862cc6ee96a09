import { Option } from 'commander';
import { localConfig } from '../../mirai/launch/local-config.js';
import { positiveInteger } from '../parsers.js';
import { daemonOf, given, launcher } from './launcher.js';

interface LocalFlags {
  n?: number;
  workdir?: string;
}

export const localLauncher = launcher<LocalFlags>({
  name: 'local',
  summary: 'on this machine, in the background',
  description: 'Starts daemons on this machine, which stay when this command has ended.',
  examples: `  $ otel-mirai launch local --url nats://127.0.0.1:4222 -n 2 --modules ./tasks --idle-time 10m
  The command that anybody can run by hand, anywhere:
    $ otel-mirai launch local --url nats://10.0.0.5:4222 --daemon-command otel-mirai --modules ./tasks --dry-run`,
  add(command) {
    command
      .addOption(new Option('-n <count>', 'how many daemons (default: 1)').argParser(positiveInteger))
      .option('--workdir <directory>', 'directory to start in');
  },
  config(_, flags) {
    const { n, workdir, timeout } = flags;
    return localConfig({ daemon: daemonOf(flags), ...given({ n, workdir, timeout }) });
  },
});
