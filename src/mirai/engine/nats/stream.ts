import {
  AckPolicy,
  type ClusterInfo,
  type ConsumerInfo,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { delay, type NatsConnection, nanos, TimeoutError } from '@nats-io/transport-node';
import { OtelPromiseDomainError } from '../../errors.js';
import { group, type Names } from './names.js';
import type { NatsOptions } from './options.js';

/** How many tasks may be in the hands of daemons and not be acknowledged. */
const mostPending = 1_000_000;

/** How many requests for tasks may wait at the server. */
const mostWaiting = 4096;

/** For how long the server knows the ids of tasks, so that one sent twice is kept once; in ms. */
const duplicateWindow = 20_000;

/** How long the server may take for a request, in ms, and how often it is asked: one that elects a leader answers nothing. */
const requestTime = 2000;
const mostTries = 6;

/** How long replicas may take to be made, in ms; then it goes on without them. */
const replicaTime = 10_000;

/** What a stream is made with. */
export type StreamOptions = Pick<
  NatsOptions,
  'ackWait' | 'replicas' | 'storage' | 'maxMessages' | 'maxBytes'
>;

const defaultAckWait = 5000;

/** The stream of a profile on the server. */
export interface TaskStream {
  readonly manager: JetStreamManager;
  /** When it was made: another one that was made in its place holds nothing of it. */
  readonly created: string;
  /** The same of its consumer. */
  readonly consumerCreated: string;
  /** Of the consumer that is there, in ms. */
  readonly ackWait: number;
}

/** @throws where the server has no JetStream for this account */
export function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { timeout: requestTime });
}

/**
 * The same as `openStream()`; `undefined` where the server has no JetStream for this account.
 *
 * @throws OtelPromiseDomainError with the code `natsUnusable`
 */
export async function findStream(
  connection: NatsConnection,
  names: Names,
  options?: StreamOptions,
): Promise<TaskStream | undefined> {
  try {
    return await openStream(connection, names, options);
  } catch (error) {
    // The client does not export the class.
    if (error instanceof OtelPromiseDomainError && isNamed(error.cause, 'JetStreamNotEnabled'))
      return undefined;
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/**
 * Makes the stream and its consumer, or takes those that are there as they are.
 *
 * @throws OtelPromiseDomainError with the code `natsUnusable`
 */
export async function openStream(
  connection: NatsConnection,
  names: Names,
  options: StreamOptions = {},
): Promise<TaskStream> {
  try {
    const manager = await patiently(() => managerOf(connection));
    const { created } = await patiently(() => addStream(manager, names, options));
    const consumer = await patiently(() => addConsumer(manager, names, options));
    if (options.replicas !== undefined && options.replicas > 1)
      await replicated(manager, names, options.replicas);
    return { manager, created, consumerCreated: consumer.created, ackWait: ackWaitOf(consumer) };
  } catch (cause) {
    const message = `the stream ${names.stream} cannot be used: ${String(cause)}`;
    throw new OtelPromiseDomainError('natsUnusable', message, { cause });
  }
}

/** Changes what is not as it is wanted in the stream of a bucket. */
export async function adaptStream(
  connection: NatsConnection,
  name: string,
  wanted: Pick<Partial<StreamConfig>, 'max_age' | 'num_replicas'>,
): Promise<void> {
  const manager = await managerOf(connection);
  const { config } = await manager.streams.info(name);
  const { max_age = config.max_age, num_replicas = config.num_replicas } = wanted;
  if (max_age === config.max_age && num_replicas === config.num_replicas) return;
  // Which the server wants to be no longer.
  const duplicate_window = Math.min(config.duplicate_window, max_age);
  await manager.streams.update(name, { max_age, num_replicas, duplicate_window });
}

/** After how many ms a task is delivered again. */
export function ackWaitOf({ config }: ConsumerInfo): number {
  return (config.ack_wait ?? nanos(defaultAckWait)) / 1e6;
}

/** Waits until all replicas have what there is: one that is lost before that could take tasks with it. */
async function replicated(manager: JetStreamManager, names: Names, replicas: number): Promise<void> {
  const isCurrent = ({ cluster }: { cluster?: ClusterInfo }) =>
    cluster?.leader &&
    cluster.replicas?.length === replicas - 1 &&
    cluster.replicas.every(({ current }) => current);
  for (const end = performance.now() + replicaTime; performance.now() < end; await delay(replicaTime / 100)) {
    const infos = [manager.streams.info(names.stream), manager.consumers.info(names.stream, group)];
    const known = await Promise.all(infos).catch(() => []);
    if (known.length > 0 && known.every(isCurrent)) return;
  }
}

async function patiently<T>(request: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof TimeoutError) || tries >= mostTries) throw error;
    }
  }
}

/** What was given of a stream that is there is changed, except for where it is kept. */
async function addStream(
  manager: JetStreamManager,
  names: Names,
  options: StreamOptions,
): Promise<StreamInfo> {
  const { replicas, storage, maxMessages, maxBytes } = options;
  const given = {
    ...(replicas !== undefined && { num_replicas: replicas }),
    ...(maxMessages !== undefined && { max_msgs: maxMessages }),
    ...(maxBytes !== undefined && { max_bytes: maxBytes }),
  };
  const info = await unlessThere(manager.streams.info(names.stream), () =>
    manager.streams.add({
      name: names.stream,
      subjects: [names.tasks],
      retention: RetentionPolicy.Workqueue,
      storage: storage === 'memory' ? StorageType.Memory : StorageType.File,
      // A full stream refuses: what is in it is not for others to push out.
      discard: DiscardPolicy.New,
      duplicate_window: nanos(duplicateWindow),
      ...given,
    }),
  );
  const { config } = info;
  if (storage !== undefined && storage !== config.storage) {
    throw new Error(`it is kept in ${config.storage}, and options.storage says ${storage}`);
  }
  return differs(config, given) ? manager.streams.update(names.stream, given) : info;
}

function differs(config: object, given: object): boolean {
  // Reason for the cast: names of the configuration.
  return Object.entries(given).some(([name, value]) => config[name as keyof typeof config] !== value);
}

async function addConsumer(
  manager: JetStreamManager,
  names: Names,
  { ackWait }: StreamOptions,
): Promise<ConsumerInfo> {
  const info = await unlessThere(manager.consumers.info(names.stream, group), () =>
    manager.consumers.add(names.stream, {
      durable_name: group,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ackWait ?? defaultAckWait),
      max_deliver: -1,
      max_ack_pending: mostPending,
      max_waiting: mostWaiting,
    }),
  );
  if (ackWait === undefined || info.config.ack_wait === nanos(ackWait)) return info;
  return manager.consumers.update(names.stream, group, { ack_wait: nanos(ackWait) });
}

/** Makes what is not there; that another one makes it meanwhile does no harm, for both make the same. */
async function unlessThere<T>(info: Promise<T>, make: () => Promise<T>): Promise<T> {
  try {
    return await info;
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error;
  }
  return make();
}
