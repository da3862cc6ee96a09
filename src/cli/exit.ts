import { inTermsOfCommand, isAboutArgument } from './option-names.js';

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

/** An error of the library as a failure of the program: a bad argument is wrong usage. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = inTermsOfCommand(error instanceof Error ? error.message : String(error));
  return new Failure(exitCodeOf(error), message, { cause: error });
}

function exitCodeOf(error: unknown): number {
  const isArgument = error instanceof TypeError || error instanceof RangeError;
  if (isArgument && isAboutArgument(error.message)) return exitCodes.usage;
  const isUnreachable = error instanceof Error && 'code' in error && error.code === 'natsUnreachable';
  return isUnreachable ? exitCodes.unreachable : exitCodes.failed;
}
