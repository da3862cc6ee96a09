import { type Command, Option } from 'commander';
import { launchAll } from '../mirai/launch/launch-all.js';
import type { LaunchResult } from '../mirai/launch/launch-config.js';
import { environmentHelp, serversOf } from './connection-flags.js';
import { addDaemonFlags, checkAllowed } from './daemon-flags.js';
import { failureOf } from './exit.js';
import type { Launcher, LaunchFlags } from './launchers/launcher.js';
import { launchers } from './launchers/launchers.js';
import { collect, timeFrom1, timesHelp } from './parsers.js';

const exitCodesHelp = `
Exit codes:
  0    all were started; with --dry-run, all were printed
  1    a command or request failed; those that were started are printed, and go on
  2    wrong usage
  130  ended by SIGINT; 143 by SIGTERM: what was not ready yet is ended, too`;

const jsonHelp = `
With --json, there is {"command","state","id","output"} for each: the state is ready, submitted or planned, and "id" is there
only where it is ready. 'submitted' means that the command or the scheduler has taken it; otel-mirai status shows who came.`;

const help = `
A launcher starts daemons, which connect to the server by themselves; nothing connects to it from here. Each has its
own help: otel-mirai launch ssh --help

Options that say who connects are handed to the daemon, which reads their files on its own machine. On that machine there
have to be Node.js, this package with those of @nats-io, and the modules.
${environmentHelp}
Daemons of 'local' and 'command', and jobs of Slurm and LSF, inherit the environment of this command, NATS_TOKEN too; jobs
of SGE, PBS and Torque do with -V among their directives. Where that is not wanted: env -u NATS_TOKEN otel-mirai launch …,
with --token-file. SSH and HTTP send none of them: set them on the machine of the daemon.
${jsonHelp}
${exitCodesHelp}

Examples:
  $ otel-mirai launch ssh --url nats://10.0.0.5:4222 --workdir /srv/app --modules tasks ada@node1 ada@node2
  $ otel-mirai launch slurm --url nats://10.0.0.5:4222 -n 16 --directive '#SBATCH --mem=10G' --modules /srv/tasks --dry-run`;

export function addLaunchCommand(program: Command): void {
  const launch = program
    .command('launch')
    .summary('start daemons on other machines')
    .description('Starts daemons by SSH, as jobs of a cluster, by any other command, by a request, or here.')
    .helpCommand(false)
    .addHelpText('after', help);
  for (const launcher of launchers) addLauncher(launch, launcher);
}

function addLauncher(launch: Command, { name, summary, description, examples, add, config }: Launcher): void {
  const command = launch.command(name).summary(summary).description(description);
  add(command);
  addDaemonFlags(command, false)
    .addOption(
      new Option(
        '--daemon-command <word>',
        'how otel-mirai is started there; once for each word (default: npx --no otel-mirai)',
      ).argParser(collect),
    )
    .addOption(
      new Option('--timeout <time>', 'how long starting may take (default: 60s)').argParser(timeFrom1),
    )
    .option('--dry-run', 'only print what would be run')
    .option('--json', 'write JSON, an object in each line')
    .addHelpText('after', `${timesHelp}\n${jsonHelp}\n${exitCodesHelp}\n\nExamples:\n${examples}`)
    .action(async () => {
      const flags = command.opts<LaunchFlags>();
      await launched(flags, () => config(command.args, flags));
    });
}

async function launched(flags: LaunchFlags, config: () => ReturnType<Launcher['config']>): Promise<void> {
  const target = { servers: serversOf(flags, process.env), compute: flags.compute };
  // Ends what is under way, too.
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  const say = (result: LaunchResult) =>
    void process.stdout.write(`${flags.json ? JSON.stringify(result) : line(result)}\n`);
  try {
    const how = config();
    // Another command may have an allow list of its own.
    if (flags.daemonCommand === undefined) checkAllowed(flags);
    await launchAll(how, target, flags.dryRun ?? false, say);
  } catch (error) {
    throw failureOf(error);
  }
}

function line({ state, command, id, output }: LaunchResult): string {
  if (state === 'planned') return command;
  if (state === 'ready') return `ready: daemon ${id}`;
  return output === '' ? 'submitted' : `submitted: ${output}`;
}
