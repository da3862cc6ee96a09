import { check } from '../../../errors.js';
import type { NatsConnectionOptions } from './options.js';

const schemes = ['nats:', 'tls:'];

/** @throws TypeError or RangeError that names the option; @returns the URLs of the servers */
export function checkConnection(where: string, options: NatsConnectionOptions): readonly string[] {
  check(`${where}: options`, 'object', options, 'an object');
  const { servers, token, user, password, nkeyFile, credentialsFile, tls, connectTimeout } = options;
  for (const [name, value] of Object.entries({ token, user, password, nkeyFile, credentialsFile })) {
    if (value !== undefined) check(`${where}: options.${name}`, 'string', value);
  }
  const kinds = Object.entries({ token, user, nkeyFile, credentialsFile }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (kinds.length > 1) {
    const named = kinds.map((name) => `options.${name}`).join(' and ');
    throw new TypeError(`${where}: ${named} must not be given together: one kind of credentials at a time`);
  }
  if (tls !== undefined) {
    check(`${where}: options.tls`, 'object', tls, 'an object');
    for (const name of ['caFile', 'certFile', 'keyFile'] as const) {
      if (tls[name] !== undefined) check(`${where}: options.tls.${name}`, 'string', tls[name]);
    }
    if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
      throw new TypeError(`${where}: options.tls.certFile and options.tls.keyFile must be given together`);
    }
  }
  if (connectTimeout !== undefined) checkNumber(where, 'connectTimeout', connectTimeout, 1);
  return checkServers(where, servers);
}

function checkServers(where: string, servers: unknown): readonly string[] {
  const given: unknown[] = typeof servers === 'string' ? [servers] : Array.isArray(servers) ? servers : [];
  const expected = "a URL such as 'nats://127.0.0.1:4222', or an array of them";
  if (given.length === 0) check(`${where}: options.servers`, 'a URL', servers, expected);
  const list = given.flatMap((server) => {
    if (typeof server !== 'string') check(`${where}: options.servers`, 'string', server, expected);
    return String(server).split(',');
  });
  return list.map((server) => {
    const text = server.trim();
    const url = text.includes('://') ? text : `nats://${text}`;
    const { protocol = '', hostname = '', username, password } = URL.canParse(url) ? new URL(url) : {};
    if (hostname === '' || !schemes.includes(protocol)) {
      throw new TypeError(`${where}: options.servers must be ${expected} (got ${JSON.stringify(text)})`);
    }
    if (username || password) {
      throw new TypeError(
        `${where}: options.servers must hold no user or password, which would be in spans and command lines; use options.user and options.password`,
      );
    }
    return url;
  });
}

/** @throws TypeError or RangeError if the option is given and is no integer from `least` on */
export function checkNumber(
  where: string,
  name: string,
  value: unknown,
  least: number,
  most = 2 ** 53,
): void {
  if (value === undefined) return;
  const expected = `an integer from ${least}${most === 2 ** 53 ? '' : ` to ${most}`}`;
  check(`${where}: options.${name}`, 'number', value, expected);
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return;
  throw new RangeError(`${where}: options.${name} must be ${expected} (got ${number})`);
}

/** @throws TypeError if the option is given and is none of `values` */
export function checkChoice(where: string, name: string, value: unknown, values: readonly unknown[]): void {
  if (value === undefined || values.includes(value)) return;
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const expected = values.map((each) => `'${each}'`).join(' or ');
  throw new TypeError(`${where}: options.${name} must be ${expected} (got ${shown})`);
}

/** @throws TypeError if one of the options is given and is no boolean */
export function checkBooleans(where: string, options: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) check(`${where}: options.${name}`, 'boolean', value);
  }
}
