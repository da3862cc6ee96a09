import type { Msg } from '@nats-io/transport-node';
import * as v from 'valibot';
import { check } from '../../../errors.js';
import { defaultCompute } from '../../options.js';
import { connectTo } from './connect.js';
import { group, namesOf } from './names.js';
import type { NatsConnectionOptions, NatsDaemonStatus, NatsStatus } from './options.js';
import { rollCall } from './roll-call.js';
import { managerOf } from './stream.js';
import { presence } from './wire/from-daemon.js';

/** How long each daemon may answer after another, in ms. */
const next = 250;

/**
 * What is to be seen of a profile on the server: the tasks in its stream, and the daemons that are there.
 *
 * @throws TypeError if an option is not what it must be; OtelPromiseDomainError with the code `natsUnreachable`
 */
export async function natsStatus(options: NatsConnectionOptions & { compute?: string }): Promise<NatsStatus> {
  check('natsStatus: options', 'object', options, 'an object');
  const { compute = defaultCompute } = options;
  check('natsStatus: options.compute', 'string', compute);
  const connection = await connectTo('natsStatus', options, 'mirai status');
  const names = namesOf(compute);
  try {
    const [queue, daemons] = await Promise.all([queueOf(), ask()]);
    return { compute, server: connection.getServer(), queue, daemons };
  } finally {
    await connection.close();
  }

  async function queueOf(): Promise<NatsStatus['queue']> {
    try {
      const manager = await managerOf(connection);
      const [{ state }, consumer] = await Promise.all([
        manager.streams.info(names.stream),
        manager.consumers.info(names.stream, group),
      ]);
      const { num_pending, num_ack_pending, num_redelivered } = consumer;
      return {
        waiting: num_pending,
        delivered: num_ack_pending,
        redelivered: num_redelivered,
        bytes: state.bytes,
      };
    } catch {
      return undefined;
    }
  }

  async function ask(): Promise<NatsDaemonStatus[]> {
    const daemons = new Map<string, NatsDaemonStatus>();
    await rollCall(connection, names.service, next, (message) => {
      const known = read(message);
      if (known) daemons.set(known.id, known);
    });
    return [...daemons.values()].sort((one, other) => one.startedAt.localeCompare(other.startedAt));
  }
}

/** What one says of itself; what is none is left out. */
function read({ data }: Msg): NatsDaemonStatus | undefined {
  try {
    const own = v.parse(presence, JSON.parse(Buffer.from(data).toString()).data);
    const { daemon: id, hostname, pid, engine, startedAt, slots } = own;
    return { id, hostname, pid, engine, startedAt, slots: slots.map(({ connect: _, ...slot }) => slot) };
  } catch {
    return undefined;
  }
}
