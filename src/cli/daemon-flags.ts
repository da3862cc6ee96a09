import { type Command, Option } from 'commander';
import { addIdentityFlags, addServerFlags, type ConnectionFlags } from './connection-flags.js';
import { collect, positiveInteger, time } from './parsers.js';

/** Options of a daemon, as `otel-mirai daemon` takes them, and as `otel-mirai launch` hands them on. */
export interface DaemonFlags extends ConnectionFlags {
  compute: string;
  modules?: readonly string[];
  allowSource?: boolean;
  concurrency?: number;
  engine?: 'threads' | 'processes';
  setup?: string;
  maxTasks?: number;
  idleTime?: number;
  wallTime?: number;
  grace?: number;
  output?: boolean;
  tracing: boolean;
}

/** @param many whether an option takes all values that follow */
export function addDaemonFlags(command: Command, many: boolean): Command {
  addServerFlags(command, many);
  command
    .addOption(
      new Option(
        many ? '--modules <path...>' : '--modules <path>',
        'what tasks may name: files, directories with all that is in them, name=file, or * for any module (default: nothing)',
      ).argParser(collect),
    )
    .option(
      '--allow-source',
      'run functions whose source a host sends: whoever may publish tasks can then run anything',
    )
    .addOption(
      new Option('--concurrency <n>', 'how many tasks at a time (default: 1)').argParser(positiveInteger),
    )
    .addOption(
      new Option('--engine <engine>', 'what tasks run in (default: threads)').choices([
        'threads',
        'processes',
      ]),
    )
    .option('--setup <module>', 'module to load before the first task: an OpenTelemetry SDK, say')
    .addOption(new Option('--max-tasks <n>', 'leave after so many tasks').argParser(positiveInteger))
    .addOption(new Option('--idle-time <time>', 'leave after so long without a task').argParser(time('s')))
    .addOption(
      new Option('--wall-time <time>', 'leave after so long, when tasks have ended').argParser(time('s')),
    )
    .addOption(
      new Option(
        '--grace <time>',
        'how long a task has to return after it was cancelled; in ms without a unit (default: 200ms)',
      ).argParser(time('ms')),
    )
    .option('--output', 'show what tasks write')
    .option('--no-tracing', 'record no spans, also for hosts that trace');
  return addIdentityFlags(command);
}
