import { type Command, Option } from 'commander';
import { addIdentityFlags, addServerFlags, type ConnectionFlags } from './connection-flags.js';
import { exitCodes, Failure } from './exit.js';
import { collect, concurrency, positiveInteger, time } from './parsers.js';

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
  /** Bytes. */
  largest?: number;
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
        'what tasks may name: files, directories with all that is in them, name=file, or * for any module; this or --allow-source has to be given',
      ).argParser(collect),
    )
    .option(
      '--allow-source',
      'run functions whose source a host sends: whoever may publish tasks can then run anything',
    )
    .addOption(
      new Option('--concurrency <n>', 'how many tasks at a time, up to 1024 (default: 1)').argParser(
        concurrency,
      ),
    )
    .addOption(
      new Option('--engine <engine>', 'what tasks run in (default: threads)').choices([
        'threads',
        'processes',
      ]),
    )
    .option(
      '--setup <module>',
      'module that each slot loads before its first task, such as an OpenTelemetry SDK',
    )
    .addOption(new Option('--max-tasks <n>', 'leave after so many tasks').argParser(positiveInteger))
    .addOption(new Option('--idle-time <time>', 'leave after so long without a task').argParser(time))
    .addOption(new Option('--wall-time <time>', 'leave after so long, when tasks have ended').argParser(time))
    .addOption(
      new Option(
        '--grace <time>',
        'how long a task has to return after it was cancelled (default: 200ms)',
      ).argParser(time),
    )
    .addOption(
      new Option(
        '--largest <bytes>',
        'the largest arguments or results of a task that it takes (default: 67108864, 64 MiB)',
      ).argParser(positiveInteger),
    )
    .option('--output', 'print what tasks write to stdout and stderr')
    .option('--no-tracing', 'record no spans, even for hosts that trace');
  return addIdentityFlags(command);
}

/** @throws Failure where a daemon would refuse every task */
export function checkAllowed({ modules, allowSource }: DaemonFlags): void {
  if (modules !== undefined || allowSource) return;
  throw new Failure(
    exitCodes.usage,
    "option '--modules <path>' is missing: expected files or directories that tasks may name, or '--allow-source'",
  );
}
