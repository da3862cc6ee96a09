#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodes, Failure, sayError } from './exit.js';
import { makeProgram } from './program.js';

// Who reads may go before the command does: a daemon outlives the connection that it was started by.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await makeProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Of an error, which has been said when this returns. */
function exitCodeOf(error: unknown): number {
  // Help and the version end the program in this way too; what is wrong has been said by commander.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof Failure) {
    sayError(error.message);
    return error.exitCode;
  }
  sayError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failed;
}
