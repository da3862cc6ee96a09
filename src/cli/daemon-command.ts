import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { NatsDaemon, NatsDaemonOptions } from '../mirai/engine/nats/options.js';
import { addConnectTimeout, connectionOf, environmentHelp } from './connection-flags.js';
import { addDaemonFlags, checkAllowed, type DaemonFlags } from './daemon-flags.js';
import { exitCodes, failureOf } from './exit.js';
import { natsLibrary } from './nats-library.js';
import { timesHelp } from './parsers.js';
import { sayWarnings } from './warnings.js';

const help = `
A line on stdout says that the daemon is ready, and one why it has left. SIGTERM and SIGINT have it leave: it takes
no more tasks, ends those that it has, and hands over their results and spans. A second one ends it at once.

All daemons of a profile need the same --modules and --allow-source, since a task goes to one that is free, and one that
does not allow it rejects it. What a daemon finds odd goes to stderr.

With --json, stdout has {"event":"ready","id","compute","pid","concurrency"}, and at the end
{"event":"left","id","reason"}, with told, maxTasks, idleTime or wallTime as the reason, or {"event":"failed","id","error"}.
What tasks write goes to stderr then.
${timesHelp}
${environmentHelp}
  OTEL_LOG_LEVEL           what goes to stderr: none, error, warn (the default), info, debug, verbose or all

Exit codes:
  0    it has left: it was told to, or has reached a limit
  1    it failed: the stream cannot be used, packages are missing, the setup module failed, or something did while it ran
  2    wrong usage
  3    the server could not be reached, or refused it
  130  ended at once by a second SIGINT; 143 by SIGTERM

Examples:
  Tasks of the modules in ./tasks, four at a time:
    $ otel-mirai daemon --url nats://10.0.0.5:4222 --modules ./tasks --concurrency 4
  A module under a name, which a host calls importTasks('mirai:resize'):
    $ otel-mirai daemon --url nats://10.0.0.5:4222 --modules resize=./dist/resize.js
  With a token, leaving after five minutes without work:
    $ NATS_TOKEN=… otel-mirai daemon --url tls://nats.example.org:4222 --modules ./tasks --idle-time 5m`;

interface JsonFlags extends DaemonFlags {
  json?: boolean;
}

export function addDaemonCommand(program: Command): void {
  const command = program
    .command('daemon')
    .summary('run tasks of a compute profile on this machine')
    .description('Connects to a NATS server and runs tasks of a compute profile, until it is told to leave.');
  addConnectTimeout(addDaemonFlags(command, true))
    .option('--json', 'write JSON, an object in each line')
    .addHelpText('after', help)
    .action(runDaemon);
}

async function runDaemon(flags: JsonFlags): Promise<void> {
  const options = daemonOptions(flags, process.env);
  checkAllowed(flags);
  sayWarnings(process.env);
  const { startNatsDaemon } = await natsLibrary();
  const say = (line: string, event: object) =>
    void process.stdout.write(`${flags.json ? JSON.stringify(event) : line}\n`);
  let daemon: NatsDaemon;
  try {
    daemon = await startNatsDaemon(options);
  } catch (error) {
    throw failureOf(error);
  }
  const { id } = daemon;
  leaveOnSignals(daemon);
  say(`ready: daemon ${id} of the profile ${JSON.stringify(flags.compute)}`, {
    ...{ event: 'ready', id, compute: flags.compute, pid: process.pid },
    concurrency: options.concurrency ?? 1,
  });
  try {
    const reason = await daemon.left;
    say(`left: ${reason}`, { event: 'left', id, reason });
  } catch (error) {
    const failure = failureOf(error);
    say(`failed: ${failure.message}`, { event: 'failed', id, error: failure.message });
    process.stderr.write(`error: ${failure.message}\n`);
    process.exitCode = exitCodes.failed;
  }
  // What others keep open in this process, such as a module of --import, is no reason to stay.
  process.stdout.write('', () => process.exit());
}

/** @throws Failure if an option is missing or a file cannot be read */
function daemonOptions(flags: JsonFlags, environment: NodeJS.ProcessEnv): NatsDaemonOptions {
  const { compute, modules, allowSource, concurrency, engine, setup, output, tracing } = flags;
  const { maxTasks, idleTime, wallTime, grace, largest, json } = flags;
  return {
    ...connectionOf(flags, environment),
    ...{ compute, tracing },
    ...(modules !== undefined && { modules }),
    ...(allowSource !== undefined && { allowSource }),
    ...(concurrency !== undefined && { concurrency }),
    ...(engine !== undefined && { engine }),
    ...(setup !== undefined && { setup: /^[a-z][a-z\d+.-]+:/i.test(setup) ? setup : resolve(setup) }),
    ...(maxTasks !== undefined && { maxTasks }),
    ...(idleTime !== undefined && { idleTime }),
    ...(wallTime !== undefined && { wallTime }),
    ...(grace !== undefined && { grace }),
    ...(largest !== undefined && { largest }),
    // What is read as JSON, line by line, has no other lines.
    ...(output !== undefined && { output: json ? 'stderr' : output }),
  };
}

function leaveOnSignals(daemon: NatsDaemon): void {
  let isTold = false;
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (isTold) process.exit(exitCode);
      isTold = true;
      process.stderr.write(`leaving: it ends the tasks that it has; a second ${signal} ends it at once\n`);
      // What keeps it from leaving is told by `left`.
      daemon.leave().catch(() => undefined);
    });
  }
}
