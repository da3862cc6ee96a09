/** What the program ends with, beside 128 and the number of a signal that ended it at once. */
export const exitCodes = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** Ends the program with a message on stderr. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

export function sayError(message: string): void {
  process.stderr.write(`error: ${message}\n`);
}

/** How messages about bad arguments of the library begin, and some others. */
const names = /^(?:launchRemote|startNatsDaemon|natsStatus|\w+Config): (?:(?:config|options)\.)?/gm;

/** An error of the library as a failure of the program: a bad argument is wrong usage. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  // Without the names of functions and of their arguments, which the user of the command does not know.
  const message = (error instanceof Error ? error.message : String(error)).replace(names, '');
  return new Failure(exitCodeOf(error), message, { cause: error });
}

function exitCodeOf(error: unknown): number {
  const isArgument = error instanceof TypeError || error instanceof RangeError;
  if (isArgument && error.message.search(names) === 0) return exitCodes.usage;
  const isUnreachable = error instanceof Error && 'code' in error && error.code === 'natsUnreachable';
  return isUnreachable ? exitCodes.unreachable : exitCodes.failed;
}
