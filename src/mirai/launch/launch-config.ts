import type { LaunchTarget } from './launch-target.js';

/** How daemons are started elsewhere: what `sshConfig()`, `clusterConfig()` and the like return. */
export interface LaunchConfig {
  /** Its name in messages: `ssh`. */
  readonly launcher: string;
  /**
   * What has to be run for daemons to join, in its order.
   *
   * @throws TypeError, RangeError if that is not possible for the profile
   */
  plan(target: LaunchTarget): readonly Launch[];
}

/** One command or request that starts a daemon, or several. */
export interface Launch {
  /** Text that can be pasted into a POSIX shell; for HTTP a `curl` line, with `***` in the place of secrets. */
  readonly command: string;
  /** @throws MiraiError that says what failed, and what it wrote */
  run(): Promise<LaunchOutcome>;
}

export interface LaunchOutcome {
  /**
   * `'ready'`: the daemon has said that it is connected. `'submitted'`: the command or request was accepted, and whether a
   * daemon comes of it is for `status()` to show.
   */
  readonly state: 'ready' | 'submitted';
  /** Of the daemon that is ready. */
  readonly id: string | undefined;
  /** What the command wrote to stdout, or the answer to the request: the number of a job, say. */
  readonly output: string;
}

/** What `launchRemote()` did, or would do: then the state is `'planned'`. */
export interface LaunchResult {
  readonly command: string;
  readonly state: LaunchOutcome['state'] | 'planned';
  readonly id: string | undefined;
  readonly output: string;
}
