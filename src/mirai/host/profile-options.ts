import type { Engine } from '../engine/engine.js';
import type { RemoteEngine } from '../engine/remote-engine.js';
import type { DaemonsOptions, ResourceLimits } from '../options.js';
import type { DaemonStart, Endpoint } from '../protocol/messages.js';
import type { SpanProcessor } from '../telemetry/span-processor.js';

/** The options of `daemons()`, checked and with their defaults. */
export interface ProfileOptions
  extends Required<
    Pick<DaemonsOptions, 'compute' | 'dispatcher' | 'memory' | 'maxTasks' | 'retries' | 'respawn' | 'grace'>
  > {
  /** `'stderr'` is all of it to stderr. */
  readonly output: boolean | 'unmarked' | 'stderr';
  readonly engine: Engine | RemoteEngine;
  readonly endpoint: Endpoint;
  readonly start: Omit<DaemonStart, 'id'>;
  readonly seed?: number | undefined;
  readonly idleTime?: number | undefined;
  readonly wallTime?: number | undefined;
  readonly resourceLimits?: ResourceLimits | undefined;
  readonly spanProcessor?: SpanProcessor | undefined;
  /** Daemons are started when tasks wait, up to this many. */
  readonly onDemand?: number | undefined;
}
