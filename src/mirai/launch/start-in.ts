import { quote } from './quote.js';

/** The shell command that starts a daemon in place of the shell, so that signals reach it. */
export function startIn(workdir: string | undefined, words: readonly string[]): string {
  return `${goTo(workdir)}exec ${quote(words)}`;
}

/** What comes before a command that is to be run in a directory. */
export function goTo(workdir: string | undefined): string {
  if (workdir === undefined) return '';
  // `cd -` would go elsewhere, and `cd -x` nowhere.
  return `cd ${quote([workdir.startsWith('-') ? `./${workdir}` : workdir])} && `;
}
