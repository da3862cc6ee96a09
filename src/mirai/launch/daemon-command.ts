import { check } from '../../errors.js';
import { checkChoice, checkInteger, checkText, checkTexts } from './check-config.js';
import type { LaunchTarget } from './launch-target.js';
import { publicServers } from './servers.js';

/**
 * Options of the daemons that are started elsewhere. Paths are those of the machine that the daemon runs on.
 *
 * There is no place for a token or a password in here, as everybody on a machine can read its command lines. Daemons take
 * them from files (`tokenFile`, `passwordFile`, `credentialsFile`, `nkeyFile`), or from the environment variables
 * `NATS_TOKEN`, `NATS_USER` and `NATS_PASSWORD`, to be set on the machine of the daemon.
 */
export interface LaunchDaemonOptions {
  /**
   * How the command `otel-mirai` is started there, word by word. Default: `['npx', '--no', 'otel-mirai']`, which runs what is
   * installed in the working directory or globally, and downloads nothing.
   */
  command?: readonly string[];
  /**
   * What tasks may name: files, directories with all that is in them, `name=file`, or `*` for any module. Default: nothing, with
   * which `otel-mirai` starts no daemon unless `allowSource` is true. All daemons of a profile need the same.
   */
  modules?: readonly string[];
  /** Whether functions are run whose source a host sends. Default: false. */
  allowSource?: boolean;
  /** How many tasks a daemon runs at a time, up to 1024. Default: 1. */
  concurrency?: number;
  /** Whether a daemon runs tasks in threads or in processes. Default: `'threads'`. */
  engine?: 'threads' | 'processes';
  /** URL or absolute path of a module that is loaded before the first task. */
  setup?: string;
  /** After how many tasks a daemon leaves. Default: no limit. */
  maxTasks?: number;
  /** After how many milliseconds without a task a daemon leaves. Default: no limit. */
  idleTime?: number;
  /** After how many milliseconds a daemon leaves, once its tasks have ended. Default: no limit. */
  wallTime?: number;
  /** How many milliseconds a task has to return after it was cancelled, before it is interrupted. Default: 200. */
  grace?: number;
  /** Bytes of the arguments or of the result of a task, at most, whatever `largest` of the host is. Default: 64 MiB. */
  largest?: number;
  /** Whether what tasks write goes to stdout and stderr of the daemon. Default: false. */
  output?: boolean;
  /** Whether spans are recorded for hosts that trace. Default: true. */
  tracing?: boolean;
  /** File with a token. */
  tokenFile?: string;
  /** Name of the user, with `passwordFile` or `NATS_PASSWORD`. */
  user?: string;
  /** File with the password of `user`. */
  passwordFile?: string;
  /** File with the seed of an nkey. */
  nkeyFile?: string;
  /** File with a JWT and the seed of its nkey (`.creds`). */
  credentialsFile?: string;
  /** Files in PEM format. */
  tls?: { caFile?: string; certFile?: string; keyFile?: string };
}

const defaultCommand = ['npx', '--no', 'otel-mirai'];

interface Bounds {
  readonly least: number;
  readonly most?: number;
  readonly expected: string;
}

const positive: Bounds = { least: 1, expected: 'a positive integer' };
const slots: Bounds = { least: 1, most: 1024, expected: 'an integer from 1 to 1024' };
// A longer delay of a timer would be none.
const milliseconds: Bounds = {
  ...{ least: 0, most: 2 ** 31 - 1 },
  expected: `a whole number of milliseconds up to ${2 ** 31 - 1}`,
};

/**
 * The command line of a daemon, word by word, to be quoted for the shell it goes to.
 *
 * @param where what the options are called in messages: `sshConfig: config.daemon`
 * @param watched whether somebody reads what it writes, which is JSON then
 * @throws TypeError, RangeError if an option, or a server, is not what it must be
 */
export function daemonCommand(
  where: string,
  target: LaunchTarget,
  options: LaunchDaemonOptions = {},
  watched = false,
): readonly string[] {
  const [launcher = where] = where.split(':');
  const servers = publicServers(`${launcher}: the URL of the server`, target.servers);
  const words = [...(options.command ?? defaultCommand), 'daemon'];
  for (const { protocol, host } of servers) words.push('--url', `${protocol}//${host}`);
  words.push(...option('compute', checkText(`${launcher}: compute`, target.compute)));
  words.push(...daemonOptions(where, options));
  if (watched) words.push('--json');
  return words;
}

/** @throws TypeError, RangeError if one is not what it must be */
export function checkDaemon(where: string, options: unknown = {}): void {
  check(where, 'object', options, 'an object');
  const { command, ...others } = options as LaunchDaemonOptions; // cast: all of them are looked at
  if (command !== undefined && checkTexts(`${where}.command`, command, 'an array of words').length === 0) {
    throw new TypeError(`${where}.command must be an array of words (got none)`);
  }
  daemonOptions(where, others);
}

function daemonOptions(where: string, options: LaunchDaemonOptions): string[] {
  const { modules = [], tls = {} } = options;
  check(`${where}.tls`, 'object', tls, 'an object');
  const paths = checkTexts(`${where}.modules`, modules, 'an array of paths');
  const words = paths.flatMap((path) => option('modules', path));
  const text = (name: string, value: unknown, key: string) => {
    if (value !== undefined) words.push(...option(name, checkText(`${where}.${key}`, value)));
  };
  const number = (name: string, value: unknown, key: string, bounds: Bounds, unit = '') => {
    if (value === undefined) return;
    const { least, most = Number.MAX_SAFE_INTEGER, expected } = bounds;
    const whole = checkInteger(`${where}.${key}`, value, least, most, expected);
    words.push(`--${name}`, `${whole}${unit}`);
  };
  const flag = (name: string, value: unknown, key: string, when: boolean) => {
    if (value === undefined) return;
    check(`${where}.${key}`, 'boolean', value);
    if (value === when) words.push(`--${name}`);
  };
  flag('allow-source', options.allowSource, 'allowSource', true);
  number('concurrency', options.concurrency, 'concurrency', slots);
  if (options.engine !== undefined) {
    words.push('--engine', checkChoice(`${where}.engine`, options.engine, ['threads', 'processes']));
  }
  text('setup', options.setup, 'setup');
  number('max-tasks', options.maxTasks, 'maxTasks', positive);
  number('idle-time', options.idleTime, 'idleTime', milliseconds, 'ms');
  number('wall-time', options.wallTime, 'wallTime', milliseconds, 'ms');
  number('grace', options.grace, 'grace', milliseconds, 'ms');
  number('largest', options.largest, 'largest', positive);
  flag('output', options.output, 'output', true);
  flag('no-tracing', options.tracing, 'tracing', false);
  text('token-file', options.tokenFile, 'tokenFile');
  text('user', options.user, 'user');
  text('password-file', options.passwordFile, 'passwordFile');
  text('nkey', options.nkeyFile, 'nkeyFile');
  text('creds', options.credentialsFile, 'credentialsFile');
  text('tls-ca', tls.caFile, 'tls.caFile');
  text('tls-cert', tls.certFile, 'tls.certFile');
  text('tls-key', tls.keyFile, 'tls.keyFile');
  return words;
}

/** A value that starts with a dash would be read as an option of its own. */
function option(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}
