import { Option } from 'commander';
import { clusterConfig } from '../../mirai/launch/cluster-config.js';
import type { Scheduler } from '../../mirai/launch/schedulers.js';
import { collect, positiveInteger } from '../parsers.js';
import { fileOf } from '../read-file.js';
import { daemonOf, given, type Launcher, launcher } from './launcher.js';

interface ClusterFlags {
  n?: number;
  directive?: readonly string[];
  script?: string;
  submit?: string;
  workdir?: string;
}

export function clusterLauncher(scheduler: Scheduler, title: string, directive: string): Launcher {
  return launcher<ClusterFlags>({
    name: scheduler,
    summary: `as jobs of ${title}`,
    description: `Submits a job of ${title}, an array job for several daemons. The script goes to its stdin.`,
    examples: `  $ otel-mirai launch ${scheduler} --url nats://10.0.0.5:4222 -n 16 --workdir /srv/app --directive '${directive}' --modules tasks
  What it would submit, with the lines of a file before the daemon (directives, then commands such as 'module load'):
    $ otel-mirai launch ${scheduler} --url nats://10.0.0.5:4222 -n 16 --workdir /srv/app --script job.sh --modules tasks --dry-run`,
    add(command) {
      command
        .addOption(new Option('-n <count>', 'how many daemons (default: 1)').argParser(positiveInteger))
        .addOption(new Option('--directive <line>', 'line of the script; once for each').argParser(collect))
        .option('--script <file>', 'file with more lines of the script')
        .option('--submit <command>', 'the program that submits')
        .option('--workdir <directory>', 'directory to start in');
    },
    config(_, flags) {
      const { n, directive: lines = [], script, submit, workdir, timeout } = flags;
      return clusterConfig({
        scheduler,
        options: script === undefined ? lines : [...lines, fileOf('--script', script)],
        daemon: daemonOf(flags),
        ...given({ n, workdir, timeout, command: submit }),
      });
    },
  });
}
