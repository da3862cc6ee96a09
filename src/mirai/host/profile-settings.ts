import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { isAbsolute } from 'node:path';
import { check } from '../../errors.js';
import type { Engine } from '../engine/engine.js';
import { inline } from '../engine/inline.js';
import { processes } from '../engine/processes.js';
import { engineOf } from '../engine/remote-engine.js';
import { threads } from '../engine/threads.js';
import { type DaemonsOptions, defaultCompute } from '../options.js';
import { awakeTime } from '../protocol/ledger.js';
import type { Endpoint } from '../protocol/messages.js';
import { moduleUrl } from '../tasks.js';
import { isTracing } from '../telemetry/host-sdk.js';
import { LocalProfile } from './local-profile.js';
import type { Profile } from './profile.js';
import type { ProfileOptions } from './profile-options.js';

const engines = new Map<unknown, Engine>([
  ['threads', threads],
  ['processes', processes],
  ['inline', inline],
]);

/** @throws TypeError or RangeError that names the option that is not what it must be */
export function profileOptions(options: DaemonsOptions): ProfileOptions {
  const { compute = defaultCompute, setup, seed, cleanup = false, spanProcessor, resourceLimits } = options;
  const {
    dispatcher = true,
    output = false,
    respawn = true,
    retries = 0,
    grace = 200,
    idleTime,
    wallTime,
  } = options;
  const { memory = Number.POSITIVE_INFINITY, maxTasks = Number.POSITIVE_INFINITY } = options;
  const engine = engines.get(options.engine ?? 'threads') ?? engineOf(options.engine);
  if (!engine) {
    const got = typeof options.engine === 'string' ? JSON.stringify(options.engine) : typeof options.engine;
    throw new TypeError(
      `daemons: options.engine must be 'threads', 'processes', 'inline' or an engine such as nats() (got ${got})`,
    );
  }
  check('daemons: options.compute', 'string', compute);
  for (const [name, value] of Object.entries({ dispatcher, output, respawn, cleanup })) {
    check(`daemons: options.${name}`, 'boolean', value);
  }
  checkNumber('memory', memory, 0, 'a number of bytes');
  checkNumber('maxTasks', maxTasks, 1, 'a positive integer', true);
  checkNumber('retries', retries, 0, 'a non-negative integer', true);
  checkNumber('grace', grace, 0, 'a number of milliseconds');
  if (idleTime !== undefined) checkNumber('idleTime', idleTime, 0, 'a number of milliseconds');
  if (wallTime !== undefined) checkNumber('wallTime', wallTime, 0, 'a number of milliseconds');
  if (seed !== undefined) checkNumber('seed', seed, Number.MIN_SAFE_INTEGER, 'an integer', true);
  if (resourceLimits !== undefined)
    check('daemons: options.resourceLimits', 'object', resourceLimits, 'an object');
  if (spanProcessor !== undefined) {
    check(
      'daemons: options.spanProcessor',
      'function',
      spanProcessor?.onEnd,
      'a SpanProcessor',
      spanProcessor,
    );
  }
  const endpoint = 'open' in engine ? engine.endpoint(compute) : endpointHere(engine, compute);
  return {
    ...{ compute, engine, endpoint, dispatcher, memory, maxTasks, retries, respawn, grace, output },
    ...{ seed, idleTime, wallTime, resourceLimits, spanProcessor },
    start: {
      endpoint,
      cleanup,
      setup: setup === undefined ? undefined : moduleUrl('daemons: options.setup', setup),
      seeded: seed !== undefined,
      tracing: isTracing(),
      api: pathOfApi(),
      shares: engine.shares,
      awake: awakeTime,
    },
  };
}

/** Where the daemons of a local engine are. */
function endpointHere({ scheme, transport }: Engine, compute: string): Endpoint {
  const url = `${scheme}://${process.pid}/${encodeURIComponent(compute)}`;
  return { url, address: hostname(), transport };
}

function checkNumber(name: string, value: unknown, least: number, expected: string, whole = false): void {
  const where = `daemons: options.${name}`;
  check(where, 'number', value, expected);
  const number = Number(value);
  if (number >= least && (!whole || Number.isInteger(number) || number === Number.POSITIVE_INFINITY)) return;
  throw new RangeError(`${where} must be ${expected} (got ${number})`);
}

/** Where the API is that the host uses, unless it was bundled with it. */
function pathOfApi(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url).resolve('@opentelemetry/api');
    // Webpack has a number of its own for it.
    return typeof path === 'string' && isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The profile of checked options. */
export function openProfile(options: ProfileOptions): Profile {
  const { engine } = options;
  return 'open' in engine ? engine.open(options) : new LocalProfile({ ...options, engine });
}
