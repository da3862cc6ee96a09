import { AsyncLocalStorage } from 'node:async_hooks';
import { availableParallelism } from 'node:os';
import { check } from '../errors.js';
import { NoDaemons } from './errors.js';
import type { Profile } from './host/profile.js';
import { openProfile, profileOptions } from './host/profile-settings.js';
import { type Daemons, defaultCompute } from './options.js';

/** Those that are set. */
export const profiles = new Map<string, Profile>();

/** Those of tasks for which no daemons are set: each has a daemon of its own, as many at a time as there are cores. */
const ephemeral = new Map<string, Profile>();

const scoped = new AsyncLocalStorage<string | undefined>();

/** The profile that is meant where none is named. */
function currentCompute(): string {
  return scoped.getStore() ?? defaultCompute;
}

/** The name of a profile as an option gives it. */
export function computeOf(where: string, compute: unknown): string {
  if (compute === undefined) return currentCompute();
  check(where, 'string', compute);
  return String(compute);
}

/** @throws NoDaemons if none are set */
export function requiredProfile(where: string, compute: unknown, argument = 'options.compute'): Profile {
  const name = computeOf(`${where}: ${argument}`, compute);
  const profile = profiles.get(name);
  if (profile) return profile;
  throw new NoDaemons(
    `${where}: no daemons are set for the profile ${JSON.stringify(name)}; call daemons(n) first`,
  );
}

/** The profile, or where none is set one whose daemons live for one task each. */
export function profileFor(where: string, compute: unknown): Profile {
  const name = computeOf(`${where}: options.compute`, compute);
  const set = profiles.get(name) ?? ephemeral.get(name);
  if (set) return set;
  const options = { ...profileOptions({ compute: name, maxTasks: 1 }), onDemand: availableParallelism() };
  const profile = openProfile(options);
  ephemeral.set(name, profile);
  return profile;
}

function nameOf(where: string, daemons: string | Daemons): string {
  const name = typeof daemons === 'string' ? daemons : daemons?.compute;
  check(`${where}: daemons`, 'string', name, 'the name of a profile, or Daemons', daemons);
  if (profiles.has(name)) return name;
  throw new NoDaemons(`${where}: no daemons are set for the profile ${JSON.stringify(name)}`);
}

/**
 * Calls `fn` with another profile as the default one, for all that it does, also after `await`.
 *
 * @param daemons the name of a profile, or what `daemons()` returned
 * @throws TypeError if an argument is not what it must be; NoDaemons if the profile is not set; else what `fn` throws
 *
 * Source: `with_daemons()` of the R package `mirai`.
 */
export function withDaemons<R>(daemons: string | Daemons, fn: () => R): R {
  check('withDaemons: fn', 'function', fn);
  const compute = nameOf('withDaemons', daemons);
  return scoped.run(compute, fn);
}

/**
 * Makes another profile the default one until it is disposed: `using _ = localDaemons('gpu')`.
 *
 * @param daemons the name of a profile, or what `daemons()` returned
 * @throws TypeError if the argument is not what it must be; NoDaemons if the profile is not set
 *
 * Source: `local_daemons()` of the R package `mirai`.
 */
export function localDaemons(daemons: string | Daemons): Disposable {
  const before = scoped.getStore();
  scoped.enterWith(nameOf('localDaemons', daemons));
  let isOver = false;
  return {
    [Symbol.dispose]() {
      if (!isOver) scoped.enterWith(before);
      isOver = true;
    },
  };
}
