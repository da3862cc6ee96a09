import type { Command } from 'commander';
import type { LaunchDaemonOptions } from '../../mirai/launch/daemon-command.js';
import type { LaunchConfig } from '../../mirai/launch/launch-config.js';
import type { DaemonFlags } from '../daemon-flags.js';

/** Options of all launchers. */
export interface LaunchFlags extends DaemonFlags {
  daemonCommand?: readonly string[];
  /** Milliseconds. */
  timeout?: number;
  dryRun?: boolean;
  json?: boolean;
}

/** A command below `otel-mirai launch`. */
export interface Launcher {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly examples: string;
  /** Adds its arguments and the options that it alone has. */
  add(command: Command): void;
  /** @throws TypeError, RangeError, Failure if one is not what it must be */
  config(args: readonly string[], flags: LaunchFlags): LaunchConfig;
}

/**
 * A launcher with options of its own.
 *
 * @param config is called with the options that `add` has added, too
 */
export function launcher<F>(
  spec: Omit<Launcher, 'config'> & { config(args: readonly string[], flags: F & LaunchFlags): LaunchConfig },
): Launcher {
  // cast: commander gives what `add` has asked for
  return { ...spec, config: (args, flags) => spec.config(args, flags as F & LaunchFlags) };
}

/** Without what is not given, which must not be there as `undefined`. */
type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function given<T extends object>(values: T): Given<T> {
  // cast: `undefined` is what goes
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

/** What is handed to the daemon. */
export function daemonOf(flags: LaunchFlags): LaunchDaemonOptions {
  const { modules, allowSource, concurrency, engine, setup, maxTasks, idleTime, wallTime, grace } = flags;
  const { largest, output, tracing, tokenFile, user, passwordFile, nkey, creds, tlsCa, tlsCert, tlsKey } =
    flags;
  return given({
    ...{ command: flags.daemonCommand, modules, allowSource, concurrency, engine, setup },
    ...{ maxTasks, idleTime, wallTime, grace, largest, output, tracing },
    ...{ tokenFile, user, passwordFile, nkeyFile: nkey, credentialsFile: creds },
    tls: given({ caFile: tlsCa, certFile: tlsCert, keyFile: tlsKey }),
  });
}
