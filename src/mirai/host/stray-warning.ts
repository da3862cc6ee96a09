import { type RemoteError, reviveError } from '../protocol/remote-error.js';

/** Tells of a rejection that a task left behind and nobody handled. */
export function warnOfStray(task: number | undefined, remote: RemoteError): void {
  const { message, stack } = reviveError(remote);
  const warning = new Error(`task ${task} left an unhandled rejection: ${message}`);
  warning.name = 'MiraiWarning';
  if (stack) warning.stack = `${warning.name}: ${warning.message}\n${stack}`;
  process.emitWarning(warning);
}
