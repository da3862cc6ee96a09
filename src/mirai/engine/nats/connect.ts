import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  type Authenticator,
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
  TimeoutError,
} from '@nats-io/transport-node';
import { OtelPromiseDomainError } from '../../errors.js';
import { checkConnection } from './check-options.js';
import type { NatsConnectionOptions } from './options.js';

/** How often a connection is tried for signs of life, in ms, and how many may stay without an answer. */
const pingInterval = 5000;
const maxPingOut = 2;

/** How long a connection that was lost waits before it is tried again, in ms. */
const reconnectTimeWait = 250;

/**
 * Connects, and keeps connecting whenever the connection is lost.
 *
 * @param where the public function, for messages
 * @throws TypeError if an option is not what it must be, or names a file that cannot be read; OtelPromiseDomainError with the code
 * `natsUnreachable`
 */
export async function connectTo(
  where: string,
  options: NatsConnectionOptions,
  name: string,
): Promise<NatsConnection> {
  const servers = checkConnection(where, options);
  const { token, user, password, tls, connectTimeout = 10_000 } = options;
  const authenticator = await authenticatorOf(where, options);
  // The client reads them itself, and what it says of them names no option.
  for (const file of ['caFile', 'certFile', 'keyFile'] as const) {
    if (tls?.[file] !== undefined) await fileOf(`${where}: options.tls.${file}`, tls[file]);
  }
  try {
    return await connectOnce({
      servers: [...servers],
      name,
      timeout: connectTimeout,
      ...{ pingInterval, maxPingOut, reconnectTimeWait, reconnectJitter: 100, reconnectJitterTLS: 100 },
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      ...(token !== undefined && { token }),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { pass: password }),
      ...(authenticator && { authenticator }),
      ...((tls || servers.some((server) => server.startsWith('tls:'))) && { tls: tlsOptions(tls, servers) }),
    } satisfies ConnectionOptions);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    const message = `${where}: NATS at ${servers.join(', ')} cannot be used: ${why}`;
    throw new OtelPromiseDomainError('natsUnreachable', message, { cause });
  }
}

/** With the reason of a server that refuses: where the client is to try again and again, it only says that time is over. */
async function connectOnce(options: ConnectionOptions): Promise<NatsConnection> {
  try {
    return await connect(options);
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    const connection = await connect({ ...options, reconnect: false });
    await connection.close();
    throw error;
  }
}

/**
 * The client names no host to Node where a server is given by its address, and Node then takes it for `localhost`: the
 * certificate has to be for one of the addresses that were given.
 */
function tlsOptions(tls: NatsConnectionOptions['tls'], servers: readonly string[]) {
  const hosts = servers.map((server) => new URL(server).hostname.replace(/^\[|\]$/g, ''));
  const addresses = hosts.includes('localhost') ? [] : hosts.filter((host) => isIP(host));
  const check = (host: string, certificate: PeerCertificate) => {
    const names = host === 'localhost' && addresses.length > 0 ? addresses : [host];
    const errors = names.map((name) => checkServerIdentity(name, certificate));
    return errors.includes(undefined) ? undefined : errors[0];
  };
  return { ...tls, checkServerIdentity: check };
}

async function authenticatorOf(
  where: string,
  { nkeyFile, credentialsFile }: NatsConnectionOptions,
): Promise<Authenticator | undefined> {
  if (credentialsFile !== undefined) {
    return credsAuthenticator(await fileOf(`${where}: options.credentialsFile`, credentialsFile));
  }
  if (nkeyFile === undefined) return undefined;
  const option = `${where}: options.nkeyFile`;
  const seed = (await fileOf(option, nkeyFile)).toString().match(/\bSU[A-Z2-7]{56}\b/)?.[0];
  if (!seed) {
    throw new TypeError(`${option} must be a file with the seed of a user's nkey (${nkeyFile} holds none)`);
  }
  return nkeyAuthenticator(Buffer.from(seed));
}

async function fileOf(option: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`${option} must be a file that can be read (${why})`, { cause });
  }
}
