import { check } from '../../errors.js';
import { requiredProfile } from '../profiles.js';
import { launchAll } from './launch-all.js';
import type { LaunchConfig, LaunchResult } from './launch-config.js';

export interface LaunchRemoteOptions {
  /** Whether nothing is run, and the results only say what would be. Default: false. */
  dryRun?: boolean;
}

/**
 * Starts daemons for a profile elsewhere. They connect to the server of NATS by themselves, and live on when the host has
 * gone or resets its daemons: end them by `idleTime`, or by a signal.
 *
 * Tokens and passwords are in no command line, and in nothing that is printed: see `LaunchDaemonOptions` for how daemons get
 * them.
 *
 * @param config of `sshConfig()`, `clusterConfig()`, `remoteConfig()`, `httpConfig()` or `localConfig()`
 * @returns a result for each command or request, when all are done
 * @throws TypeError, RangeError if an argument is not what it must be, or the profile has daemons that cannot be started
 *   elsewhere; NoDaemons if the profile is not set; MiraiError if a command or request failed
 *
 * Source: `launch_remote()` of the R package `mirai`.
 */
export async function launchRemote(
  config: LaunchConfig,
  compute?: string,
  options: LaunchRemoteOptions = {},
): Promise<LaunchResult[]> {
  const expected = 'what sshConfig(), clusterConfig(), remoteConfig(), httpConfig() or localConfig() returns';
  check('launchRemote: config', 'function', config?.plan, expected, config);
  check('launchRemote: options', 'object', options, 'an object');
  const { dryRun = false } = options;
  check('launchRemote: options.dryRun', 'boolean', dryRun);
  const profile = requiredProfile('launchRemote', compute, 'compute').options;
  const { engine } = profile;
  if (!('launchTarget' in engine)) {
    throw new TypeError(
      `launchRemote: the profile ${JSON.stringify(profile.compute)} has an engine of this machine (${engine.scheme}); daemons can be started elsewhere where it was set with engine: nats(…)`,
    );
  }
  return launchAll(config, engine.launchTarget(profile.compute), dryRun);
}
