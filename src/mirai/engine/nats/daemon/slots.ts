import { LocalProfile, type LocalProfileOptions } from '../../../host/local-profile.js';
import { profileOptions } from '../../../host/profile-settings.js';
import type { Endpoint } from '../../../protocol/messages.js';
import type { NatsDaemonOptions } from '../options.js';

/** How long a slot waits without sleep for the next task, in ms: that of one that calls task after task is a network away. */
const awakeTime = 0.35;

type Elsewhere = ConstructorParameters<typeof LocalProfile>[1];

/**
 * The slots of a daemon: those of a local profile, which has nothing to decide but which of them is free.
 *
 * @throws TypeError, RangeError if an option is not what it must be
 */
export function slotsOf(
  options: NatsDaemonOptions,
  endpoint: Endpoint,
  isLaunched: boolean,
  elsewhere: Elsewhere,
): LocalProfile {
  const { compute, engine = 'threads', setup, grace, tracing = true } = options;
  // The host that has launched it marks what it writes.
  const output = options.output && isLaunched ? 'unmarked' : (options.output ?? false);
  const settings = profileOptions({
    engine,
    ...(compute !== undefined && { compute }),
    ...(setup !== undefined && { setup }),
    ...(grace !== undefined && { grace }),
  });
  const start = {
    ...settings.start,
    endpoint,
    tracing,
    cleanup: true,
    seeded: true,
    shares: false,
    awake: awakeTime,
  };
  // Reason for the cast: `engine` is the name of a local one.
  const localOptions = { ...settings, endpoint, start, output } as LocalProfileOptions;
  return new LocalProfile(localOptions, { ...elsewhere, isAtTheirService: true });
}
