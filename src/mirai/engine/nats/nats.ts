import type { Engine } from '../../options.js';
import { engineHandle } from '../remote-engine.js';
import { checkBooleans, checkChoice, checkConnection, checkNumber } from './check-options.js';
import { endpointOf } from './endpoint.js';
import { RemoteProfile } from './host/remote-profile.js';
import type { NatsOptions } from './options.js';

const longest = 2 ** 31 - 1;

/**
 * The engine for daemons on any machine, by a NATS server: `daemons({ engine: nats({ servers }) })` for those that were
 * started elsewhere, `daemons(n, { engine })` for `n` on this machine as well.
 *
 * @throws TypeError, RangeError if an option is not what it must be
 */
export function nats(options: NatsOptions): Engine {
  const servers = checkConnection('nats', options);
  checkChoice('nats', 'delivery', options.delivery, ['at-least-once', 'at-most-once']);
  checkChoice('nats', 'storage', options.storage, ['file', 'memory']);
  checkBooleans('nats', { durable: options.durable });
  checkNumber('nats', 'ackWait', options.ackWait, 100, longest);
  checkNumber('nats', 'deliveries', options.deliveries, 1);
  checkNumber('nats', 'replicas', options.replicas, 1, 5);
  checkNumber('nats', 'maxMessages', options.maxMessages, 1);
  checkNumber('nats', 'maxBytes', options.maxBytes, 1);
  checkNumber('nats', 'largest', options.largest, 1);
  checkNumber('nats', 'keepResults', options.keepResults, 1000);
  if (options.delivery === 'at-most-once' && options.durable) {
    throw new TypeError(
      "nats: options.durable must be false where options.delivery is 'at-most-once' (got true)",
    );
  }
  const own = { ...options, servers };
  return engineHandle({
    scheme: 'nats',
    shares: false,
    endpoint: (compute) => endpointOf(servers, compute),
    launchTarget: (compute) => ({ servers, compute, environment: secretsOf(options) }),
    open: (settings) => new RemoteProfile(settings, own),
  });
}

/** What daemons that are started with an environment of their own find in it. */
function secretsOf({ token, user, password }: NatsOptions): Record<string, string> {
  return {
    ...(token !== undefined && { NATS_TOKEN: token }),
    ...(user !== undefined && { NATS_USER: user }),
    ...(password !== undefined && { NATS_PASSWORD: password }),
  };
}
