import { check } from '../../errors.js';
import { checkCount, checkText, checkTimeout } from './check-config.js';
import { checkDaemon, daemonCommand, type LaunchDaemonOptions } from './daemon-command.js';
import type { LaunchConfig } from './launch-config.js';
import { quote } from './quote.js';
import { runCommand } from './run-command.js';

export interface RemoteConfig {
  /** A program, which is run without a shell. */
  command: string;
  /** Its arguments. The one that is `'.'` stands for the command of the daemon. Default: `['.']`. */
  args?: readonly string[];
  /**
   * Whether the command of the daemon is one argument, quoted for a shell that reads it, as `sh -c` and `ssh` do; else each
   * of its words is one, as `docker run`, `kubectl run` and `srun` want it. Default: false.
   */
  quote?: boolean;
  /** How often it is run. Default: 1. */
  n?: number;
  /**
   * Milliseconds until the command has ended or a daemon is ready. One that takes longer is ended; where a daemon has to wait
   * for resources, submit it as a job, or give it time. Default: 60,000.
   */
  timeout?: number;
  daemon?: LaunchDaemonOptions;
}

/**
 * Starts daemons by any other command: `{ command: 'docker', args: ['run', '--detach', 'my-image', '.'] }`.
 *
 * It inherits the environment of this process. Tokens and passwords that are given in code are not sent.
 *
 * @throws TypeError, RangeError if an option is not what it must be
 *
 * Source: `remote_config()` of the R package `mirai`.
 */
export function remoteConfig(config: RemoteConfig): LaunchConfig {
  check('remoteConfig: config', 'object', config, 'an object');
  const { command, quote: asOne = false, daemon } = config;
  checkText('remoteConfig: config.command', command);
  const args = checkArguments(config.args);
  check('remoteConfig: config.quote', 'boolean', asOne);
  const n = checkCount('remoteConfig: config.n', config.n);
  const timeout = checkTimeout('remoteConfig: config.timeout', config.timeout);
  checkDaemon('remoteConfig: config.daemon', daemon);
  return {
    launcher: 'command',
    plan(target) {
      const words = daemonCommand('remoteConfig: config.daemon', target, daemon, true);
      const inserted = asOne ? [quote(words)] : words;
      const argv = [command, ...args.flatMap((arg) => (arg === '.' ? inserted : [arg]))];
      const launch = { command: quote(argv), run: () => runCommand(argv, { timeout, untilReady: false }) };
      return Array.from({ length: n }, () => launch);
    },
  };
}

function checkArguments(args: unknown = ['.']): readonly string[] {
  const where = 'remoteConfig: config.args';
  const expected = "an array of arguments, with '.' for the command of the daemon";
  if (!Array.isArray(args)) check(where, 'an array', args, expected);
  const list: readonly unknown[] = Array.isArray(args) ? args : [];
  const texts = list.map((arg, index) => {
    check(`${where}[${index}]`, 'string', arg);
    // Unlike others, an argument may be empty.
    return arg === '' ? '' : checkText(`${where}[${index}]`, arg);
  });
  if (!texts.includes('.')) throw new TypeError(`${where} must be ${expected} (got no '.')`);
  return texts;
}
