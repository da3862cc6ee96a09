import { check } from '../errors.js';
import { MiraiError } from './errors.js';
import type { Profile } from './host/profile.js';
import { openProfile, profileOptions } from './host/profile-settings.js';
import { isReadingItem } from './map/map-scope.js';
import type { Daemons, DaemonsOptions, Engine, Status } from './options.js';
import { computeOf, profiles, requiredProfile } from './profiles.js';
import { running } from './protocol/running.js';
import { status } from './status.js';

/**
 * Connects a profile to an engine whose daemons are started elsewhere; none are started here.
 *
 * @param options with an `engine` such as `nats()`
 */
export async function daemons(options: DaemonsOptions & { engine: Engine }): Promise<Daemons>;
/**
 * Sets `n` daemons for a profile: they evaluate its tasks from then on. Those that were set before are reset first.
 *
 * @param n how many; 0 resets: whatever has not settled rejects with `MiraiInterrupt`, and all daemons are gone when the
 *   promise resolves
 * @returns resolves when all are connected
 * @throws TypeError, RangeError if an argument is not what it must be; MiraiError if the setup module fails, or when called
 *   inside a `miraiMap()`; DaemonLost if a daemon does not come up. No daemons are set then
 *
 * Source: `daemons()` of the R package `mirai`.
 */
export async function daemons(n: number, options?: DaemonsOptions): Promise<Daemons>;
export async function daemons(first: number | DaemonsOptions, second: DaemonsOptions = {}): Promise<Daemons> {
  const hasCount = typeof first !== 'object' || first === null;
  const [n, options] = hasCount ? [first, second] : [undefined, first];
  if (hasCount) checkCount('daemons: n', n, 0, 'a non-negative integer');
  check('daemons: options', 'object', options, 'an object');
  if (running()?.task()?.inMap || isReadingItem())
    throw new MiraiError('daemons: must not be called inside a miraiMap()');
  const settings = profileOptions({
    ...options,
    compute: computeOf('daemons: options.compute', options.compute),
  });
  const { compute, engine } = settings;
  if (n === undefined && !('open' in engine)) {
    throw new TypeError(
      'daemons: n must be a non-negative integer unless the engine is nats() (got no number)',
    );
  }
  const before = profiles.get(compute);
  if (n === 0) {
    profiles.delete(compute);
    await before?.reset();
    return handle(compute, before);
  }
  const profile = openProfile(settings);
  profiles.set(compute, profile);
  await before?.reset();
  try {
    await profile.start(n ?? 0);
  } catch (error) {
    forget(profile);
    throw error;
  }
  return handle(compute, profile);
}

/**
 * Adds daemons on this machine to a profile that is set.
 *
 * @returns resolves when they are connected
 * @throws TypeError, RangeError if an argument is not what it must be; NoDaemons if the profile is not set
 *
 * Source: `launch_local()` of the R package `mirai`.
 */
export async function launchLocal(n: number, compute?: string): Promise<void> {
  checkCount('launchLocal: n', n, 1, 'a positive integer');
  await requiredProfile('launchLocal', compute, 'compute').launch(n);
}

function handle(compute: string, profile: Profile | undefined): Daemons {
  const reset = async () => {
    if (profile) forget(profile);
    await profile?.reset();
  };
  return {
    compute,
    url: profile?.options.endpoint.url ?? '',
    status: (): Status => (profile && profiles.get(compute) === profile ? profile.status() : status(compute)),
    reset,
    [Symbol.asyncDispose]: reset,
  };
}

function forget(profile: Profile): void {
  const { compute } = profile.options;
  if (profiles.get(compute) === profile) profiles.delete(compute);
}

function checkCount(where: string, n: unknown, least: number, expected: string): void {
  const shown = typeof n === 'string' ? JSON.stringify(n) : String(n);
  if (typeof n !== 'number') throw new TypeError(`${where} must be ${expected} (got ${shown})`);
  if (!Number.isInteger(n) || n < least) throw new RangeError(`${where} must be ${expected} (got ${shown})`);
}
