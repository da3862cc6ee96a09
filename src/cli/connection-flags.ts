import { type Command, Option } from 'commander';
import type { NatsConnectionOptions } from '../mirai/engine/nats/options.js';
import { publicServers } from '../mirai/launch/servers.js';
import { exitCodes, Failure, failureOf } from './exit.js';
import { collect, timeFrom1 } from './parsers.js';
import { fileOf } from './read-file.js';

/** Options that say where the server is, and as whom to connect. */
export interface ConnectionFlags {
  url?: readonly string[];
  tokenFile?: string;
  user?: string;
  passwordFile?: string;
  nkey?: string;
  creds?: string;
  tlsCa?: string;
  tlsCert?: string;
  tlsKey?: string;
  connectTimeout?: number;
}

/** What all commands say of the environment. */
export const environmentHelp = `
Environment variables:
  NATS_URL                 URLs of servers, with commas between them, where there is no --url
  NATS_TOKEN               a token
  NATS_USER NATS_PASSWORD  a user and the password
  Tokens and passwords are read from here or from files; there are no options for them, as everybody on a
  machine can read its command lines. An option that says who connects wins over all of these variables;
  only NATS_PASSWORD goes with --user.`;

/** @param many whether an option takes all values that follow, which a command with arguments of its own cannot have */
export function addServerFlags(command: Command, many: boolean): Command {
  const url = many ? '--url <url...>' : '--url <url>';
  return command
    .addOption(
      new Option(
        url,
        'server of NATS: nats://host:4222, or tls://host:4222 for TLS; several of one cluster (default: NATS_URL)',
      ).argParser(collect),
    )
    .option('--compute <name>', 'name of the compute profile', 'default');
}

export function addIdentityFlags(command: Command): Command {
  const identity = (flags: string, description: string, ...others: string[]) =>
    new Option(flags, description).conflicts(others);
  return command
    .addOption(identity('--token-file <file>', 'file with a token', 'user', 'passwordFile', 'nkey', 'creds'))
    .addOption(identity('--user <name>', 'user, with a password file or NATS_PASSWORD', 'nkey', 'creds'))
    .addOption(identity('--password-file <file>', 'file with the password of the user', 'nkey', 'creds'))
    .addOption(identity('--nkey <file>', 'file with the seed of an nkey', 'creds'))
    .option('--creds <file>', 'file with a JWT and the seed of its nkey (.creds)')
    .option('--tls-ca <file>', 'certificates to trust, PEM')
    .option('--tls-cert <file>', 'own certificate, PEM; with --tls-key')
    .option('--tls-key <file>', 'key of the own certificate, PEM');
}

export function addConnectTimeout(command: Command): Command {
  return command.addOption(
    new Option('--connect-timeout <time>', 'how long connecting may take (default: 10s)').argParser(
      timeFrom1,
    ),
  );
}

/** The URLs of the option or of the environment. @throws Failure if there are none, or they hold a password */
export function serversOf({ url }: ConnectionFlags, environment: NodeJS.ProcessEnv): readonly string[] {
  const given = url ?? [environment.NATS_URL ?? ''];
  const servers = given
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (servers.length === 0) {
    throw new Failure(
      exitCodes.usage,
      "option '--url <url>' is missing: expected nats://host:4222, or NATS_URL",
    );
  }
  try {
    publicServers(url ? "option '--url <url>'" : 'NATS_URL', servers);
  } catch (error) {
    throw new Failure(exitCodes.usage, failureOf(error).message);
  }
  return servers;
}

/** @throws Failure if an option is missing or a file cannot be read */
export function connectionOf(flags: ConnectionFlags, environment: NodeJS.ProcessEnv): NatsConnectionOptions {
  const { nkey, creds, tlsCa, tlsCert, tlsKey, connectTimeout } = flags;
  const options: NatsConnectionOptions = {
    servers: serversOf(flags, environment),
    ...secretsOf(flags, environment),
  };
  if (nkey !== undefined) options.nkeyFile = readable('--nkey', nkey);
  if (creds !== undefined) options.credentialsFile = readable('--creds', creds);
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Failure(exitCodes.usage, "options '--tls-cert' and '--tls-key' must be given together");
  }
  if (tlsCa !== undefined || tlsCert !== undefined) {
    options.tls = {
      ...(tlsCa !== undefined && { caFile: readable('--tls-ca', tlsCa) }),
      ...(tlsCert !== undefined && { certFile: readable('--tls-cert', tlsCert) }),
      ...(tlsKey !== undefined && { keyFile: readable('--tls-key', tlsKey) }),
    };
  }
  if (connectTimeout !== undefined) options.connectTimeout = connectTimeout;
  return options;
}

function secretsOf(flags: ConnectionFlags, environment: NodeJS.ProcessEnv): Partial<NatsConnectionOptions> {
  const { tokenFile, user, passwordFile, nkey, creds } = flags;
  const { NATS_TOKEN, NATS_USER, NATS_PASSWORD } = environment;
  if (tokenFile !== undefined) return { token: secret('--token-file', tokenFile) };
  if (nkey !== undefined || creds !== undefined) return {};
  if (user !== undefined || passwordFile !== undefined) {
    const name = user ?? NATS_USER;
    if (!name) throw new Failure(exitCodes.usage, "option '--password-file' needs '--user' or NATS_USER");
    const password = passwordFile === undefined ? NATS_PASSWORD : secret('--password-file', passwordFile);
    if (!password)
      throw new Failure(exitCodes.usage, "option '--user' needs '--password-file' or NATS_PASSWORD");
    return { user: name, password };
  }
  return {
    ...(NATS_TOKEN && { token: NATS_TOKEN }),
    ...(NATS_USER && { user: NATS_USER }),
    ...(NATS_PASSWORD && { password: NATS_PASSWORD }),
  };
}

/** What a file holds, without the end of its line. */
function secret(option: string, file: string): string {
  const text = fileOf(option, file).replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw new Failure(exitCodes.usage, `option '${option}': ${file} is empty`);
}

function readable(option: string, file: string): string {
  fileOf(option, file);
  return file;
}
