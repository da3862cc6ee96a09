import { Mirai } from './mirai.js';
import { MiraiMap } from './mirai-map.js';
import type { Status } from './options.js';
import { computeOf, profiles, requiredProfile } from './profiles.js';

/**
 * How a profile is at this moment; of one that is not set, all zero.
 *
 * Source: `status()` of the R package `mirai`.
 */
export function status(compute?: string): Status {
  const name = computeOf('status: compute', compute);
  return (
    profiles.get(name)?.status() ?? {
      compute: name,
      url: undefined,
      connections: 0,
      daemons: [],
      mirai: { awaiting: 0, executing: 0, completed: 0, failed: 0 },
      memory: { used: 0, peak: 0, capacity: Number.POSITIVE_INFINITY },
    }
  );
}

/** Whether daemons are set. Source: `daemons_set()` of the R package `mirai`. */
export function daemonsSet(compute?: string): boolean {
  return profiles.has(computeOf('daemonsSet: compute', compute));
}

/**
 * For functions that need daemons, which are for their callers to set.
 *
 * @returns true
 * @throws NoDaemons if none are set
 *
 * Source: `require_daemons()` of the R package `mirai`.
 */
export function requireDaemons(compute?: string): true {
  requiredProfile('requireDaemons', compute, 'compute');
  return true;
}

export function isMirai(value: unknown): value is Mirai<unknown> {
  return value instanceof Mirai;
}

export function isMiraiMap(value: unknown): value is MiraiMap<unknown> {
  return value instanceof MiraiMap;
}

/**
 * Whether a mirai has not settled, or any of a map or of a list; `false` for anything else.
 *
 * Source: `unresolved()` of the R package `mirai`.
 */
export function unresolved(value: unknown): boolean {
  if (value instanceof Mirai) return value.state !== 'resolved';
  if (value instanceof MiraiMap) return value.unresolved;
  return Array.isArray(value) && value.some(unresolved);
}

/**
 * The first of several to settle, whether it resolves or rejects.
 *
 * @returns its index from 0, or -1 for an empty list; never rejects
 * @throws TypeError if the argument is no list of mirais
 *
 * Source: `race_mirai()` of the R package `mirai`.
 */
export async function raceMirai(list: readonly (Mirai<unknown> | MiraiMap<unknown>)[]): Promise<number> {
  if (!Array.isArray(list) || !list.every((each) => isMirai(each) || isMiraiMap(each))) {
    throw new TypeError('raceMirai: list must be an array of what mirai() or miraiMap() returns');
  }
  if (list.length === 0) return -1;
  const resolved = list.findIndex((each) => !unresolved(each));
  if (resolved >= 0) return resolved;
  return Promise.race(
    list.map((each, index) =>
      each.then(
        () => index,
        () => index,
      ),
    ),
  );
}
