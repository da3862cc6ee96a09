import type { Profile } from '../host/profile.js';
import type { ProfileOptions } from '../host/profile-options.js';
import type { LaunchTarget } from '../launch/launch-target.js';
import type { Engine as EngineHandle } from '../options.js';
import type { Endpoint } from '../protocol/messages.js';

/** An engine whose daemons are not all of this process: what decides who runs which task is a broker. */
export interface RemoteEngine {
  readonly scheme: string;
  /** Whether daemons share memory with the host. */
  readonly shares: false;
  endpoint(compute: string): Endpoint;
  launchTarget(compute: string): LaunchTarget;
  /** @throws what the options lack for this engine */
  open(options: ProfileOptions): Profile;
}

/** Versioned, and global so that `nats()` of one copy of the library serves `daemons()` of another. */
const key: unique symbol = Symbol.for('otel-promise-domain.mirai.engine.1');

/** @returns what users hand to `daemons()` */
export function engineHandle(engine: RemoteEngine): EngineHandle {
  const handle: EngineHandle & { [key]?: RemoteEngine } = { scheme: engine.scheme };
  Object.defineProperty(handle, key, { value: engine });
  return Object.freeze(handle);
}

/** The engine of a handle, if it is one. */
export function engineOf(handle: unknown): RemoteEngine | undefined {
  if (typeof handle !== 'object' || handle === null || !(key in handle)) return undefined;
  return handle[key] as RemoteEngine; // cast: nothing else is kept under that symbol
}
