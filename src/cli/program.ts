import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addDaemonCommand } from './daemon-command.js';
import { addLaunchCommand } from './launch-command.js';
import { addStatusCommand } from './status-command.js';

const help = `
Each command has its own help: otel-mirai daemon --help

Exit codes:
  0  done
  1  failed
  2  wrong usage
  3  the NATS server could not be reached, or refused`;

export function makeProgram(): Command {
  const program = new Command('otel-mirai')
    .description('Daemons of otel-promise-domain/mirai on any machine, through a NATS server.')
    .version(version())
    // Ends by an error, of which main.ts makes the exit code.
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', help);
  addDaemonCommand(program);
  addStatusCommand(program);
  addLaunchCommand(program);
  return program;
}

function version(): string {
  const path = createRequire(import.meta.url).resolve('otel-promise-domain/package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }; // cast: that of this package
  return version;
}
