import { check } from '../../errors.js';
import { checkCount, checkText, checkTimeout } from './check-config.js';
import { checkDaemon, daemonCommand, type LaunchDaemonOptions } from './daemon-command.js';
import type { LaunchConfig } from './launch-config.js';
import { ownCommand } from './own-command.js';
import { quote } from './quote.js';
import { runCommand } from './run-command.js';
import { goTo } from './start-in.js';

export interface LocalConfig {
  /** How many daemons. Default: 1. */
  n?: number;
  /** Directory that they are started in. Default: that of this process. */
  workdir?: string;
  /** Milliseconds until a daemon has to be ready. Default: 60,000. */
  timeout?: number;
  /** `command` is by default the `otel-mirai` of this package. */
  daemon?: LaunchDaemonOptions;
}

/**
 * Starts daemons on this machine as processes that live on when the host has gone, or resets its daemons.
 *
 * They have the environment of the host and, as variables of it, the token or the user and the password of its connection.
 *
 * @throws TypeError, RangeError if an option is not what it must be
 */
export function localConfig(config: LocalConfig = {}): LaunchConfig {
  check('localConfig: config', 'object', config, 'an object');
  const { workdir, daemon = {} } = config;
  const n = checkCount('localConfig: config.n', config.n);
  const timeout = checkTimeout('localConfig: config.timeout', config.timeout);
  if (workdir !== undefined) checkText('localConfig: config.workdir', workdir);
  checkDaemon('localConfig: config.daemon', daemon);
  return {
    launcher: 'local',
    plan(target) {
      const own = daemon.command ? undefined : ownCommand();
      const options = own ? { ...daemon, command: own } : daemon;
      const argv = daemonCommand('localConfig: config.daemon', target, options, true);
      const { environment } = target;
      const command = `${goTo(workdir)}${quote(argv)}`;
      const run = () => runCommand(argv, { timeout, environment, cwd: workdir, untilReady: true });
      return Array.from({ length: n }, () => ({ command, run }));
    },
  };
}
