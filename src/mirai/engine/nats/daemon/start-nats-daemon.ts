import { nuid } from '@nats-io/transport-node';
import { check } from '../../../../errors.js';
import { checkBooleans, checkChoice, checkConnection, checkNumber } from '../check-options.js';
import { connectTo } from '../connect.js';
import { endpointOf } from '../endpoint.js';
import { namesOf } from '../names.js';
import type { NatsDaemon, NatsDaemonOptions } from '../options.js';
import { packageVersion } from '../package.js';
import { findStream, type StreamOptions } from '../stream.js';
import { AllowList } from './allow-list.js';
import { RunningDaemon } from './nats-daemon.js';

const where = 'startNatsDaemon';

/** What only a host that launches a daemon itself tells it. */
export interface Launch {
  readonly name: string;
  readonly stream: StreamOptions;
}

/**
 * Connects this process to a profile, as a daemon that runs its tasks.
 *
 * @returns resolves when its slots are there and it is known to hosts
 * @throws TypeError, RangeError if an option is not what it must be; OtelPromiseDomainError with the code `natsUnreachable`
 *   or `natsUnusable`; MiraiError if the setup module fails; DaemonLost if a slot does not come up
 *
 * Source: `daemon()` of the R package `mirai`.
 */
export function startNatsDaemon(options: NatsDaemonOptions): Promise<NatsDaemon> {
  return startDaemon(options);
}

export async function startDaemon(options: NatsDaemonOptions, launch?: Launch): Promise<RunningDaemon> {
  const servers = checkConnection(where, options);
  const allowed = checkRest(options);
  const { compute = 'default' } = options;
  const names = namesOf(compute);
  const id = nuid.next();
  const connection = await connectTo(where, options, `mirai daemon ${compute}`);
  try {
    const streamOptions = launch?.stream;
    const stream = await findStream(connection, names, streamOptions);
    const endpoint = endpointOf(servers, compute);
    const daemon = new RunningDaemon(
      {
        ...{ id, connection, names, stream, streamOptions, endpoint, allowed },
        launch: launch?.name,
        version: packageVersion(),
      },
      options,
    );
    try {
      await daemon.start();
    } catch (error) {
      await daemon.leave();
      throw error;
    }
    return daemon;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function checkRest(options: NatsDaemonOptions): AllowList {
  const { compute, concurrency, engine, modules = [], allowSource = false, tracing, output } = options;
  if (compute !== undefined) check(`${where}: options.compute`, 'string', compute);
  checkChoice(where, 'engine', engine, ['threads', 'processes']);
  checkNumber(where, 'concurrency', concurrency, 1, 1024);
  checkNumber(where, 'maxTasks', options.maxTasks, 1);
  for (const name of ['idleTime', 'wallTime', 'grace'] as const) {
    checkNumber(where, name, options[name], 0, 2 ** 31 - 1);
  }
  checkNumber(where, 'largest', options.largest, 1);
  checkBooleans(where, { allowSource, tracing, ...(output !== 'stderr' && { output }) });
  if (!Array.isArray(modules) || !modules.every((each) => typeof each === 'string')) {
    check(`${where}: options.modules`, 'array of strings', modules, 'an array of strings');
  }
  if (modules.length === 0 && !allowSource)
    process.emitWarning(
      `${where}: without options.modules and options.allowSource the daemon rejects every task that it gets`,
      'MiraiWarning',
    );
  return new AllowList(where, modules, allowSource);
}
