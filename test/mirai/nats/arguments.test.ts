import { expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { daemons, mirai } from '../support/library.js';
import * as library from './support/library.js';

// What a caller without types may pass.
type Loose = Record<keyof typeof library, (...args: unknown[]) => unknown>;
const loose = library as unknown as Loose; // cast: wrong arguments are the point
const looseDaemons = daemons as (...args: unknown[]) => unknown; // cast: the same
const servers = 'nats://127.0.0.1:1';

test.each([
  ['nats: options must be an object (got undefined)', () => loose.nats()],
  ["nats: options.servers must be a URL such as 'nats://127.0.0.1:4222'", () => loose.nats({})],
  ['nats: options.servers must hold no user or password', () => loose.nats({ servers: 'nats://a:b@host' })],
  ['nats: options.token must be a string (got 7)', () => loose.nats({ servers, token: 7 })],
  [
    'nats: options.token and options.user must not be given together: one kind of credentials at a time',
    () => loose.nats({ servers, token: 'token', user: 'ada', password: 'pw' }),
  ],
  [
    'startNatsDaemon: options.nkeyFile and options.credentialsFile must not be given together',
    () => loose.startNatsDaemon({ servers, nkeyFile: 'a', credentialsFile: 'b' }),
  ],
  [
    'nats: options.tls.certFile and options.tls.keyFile must be given together',
    () => loose.nats({ servers, tls: { certFile: 'a' } }),
  ],
  [
    "nats: options.delivery must be 'at-least-once' or 'at-most-once' (got \"once\")",
    () => loose.nats({ servers, delivery: 'once' }),
  ],
  [
    'startNatsDaemon: options.modules must be an array',
    () => loose.startNatsDaemon({ servers, modules: 'a' }),
  ],
  ['natsStatus: options must be an object (got undefined)', () => loose.natsStatus()],
  ['natsStatus: options.compute must be a string (got 7)', () => loose.natsStatus({ servers, compute: 7 })],
  [
    'daemons: n must be a non-negative integer unless the engine is nats() (got no number)',
    () => looseDaemons({}),
  ],
  [
    'mirai: options.idempotencyKey must be a string of 1 to 256 characters (got one of 0)',
    () => mirai(() => 1, [], { idempotencyKey: '' }),
  ],
])('%s', async (message, start) => {
  const error = await failure(start);
  expect(error instanceof TypeError || error instanceof RangeError, String(error)).toBe(true);
  expect(String(error)).toContain(message);
});
