import { type NatsConnection, nuid } from '@nats-io/transport-node';
import { diag } from '@opentelemetry/api';
import { connectTo } from '../connect.js';
import { KeyStore } from '../key-store.js';
import { LargeValues } from '../large-values.js';
import { defaultLargest } from '../limits.js';
import { type Names, namesOf } from '../names.js';
import type { NatsOptions } from '../options.js';
import { openStream, type TaskStream } from '../stream.js';
import { untilAnswered } from '../until-answered.js';

/** A host's connection with the server, and what it has there. */
export interface Connected {
  readonly host: string;
  readonly connection: NatsConnection;
  readonly names: Names;
  /** Where tasks are delivered at least once. */
  readonly stream: TaskStream | undefined;
  readonly large: LargeValues;
  readonly keys: KeyStore;
}

/** @throws OtelPromiseDomainError with the code `natsUnreachable` or `natsUnusable` */
export async function connectHost(compute: string, options: NatsOptions): Promise<Connected> {
  const host = nuid.next();
  const names = namesOf(compute);
  const connection = await connectTo('daemons', options, `mirai host ${compute}`);
  letGo(connection);
  try {
    const stream =
      options.delivery === 'at-most-once' ? undefined : await openStream(connection, names, options);
    const large = new LargeValues(connection, names, options.largest ?? defaultLargest, options);
    const keys = new KeyStore(connection, names, options);
    if (stream && (options.durable || options.keepResults !== undefined)) await keys.open();
    if (stream) void adaptBuckets(connection, large, keys);
    return { host, connection, names, stream, large, keys };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Nobody waits for it: a host that may not change buckets, or not use the object store, does without. */
async function adaptBuckets(connection: NatsConnection, large: LargeValues, keys: KeyStore): Promise<void> {
  const isWanted = () => !connection.isClosed();
  for (const adapt of [() => large.open(), () => keys.spread()]) {
    await untilAnswered(adapt, isWanted).catch((error: unknown) => {
      if (isWanted()) diag.warn('mirai: a bucket beside the stream is not kept as the stream is', error);
    });
  }
}

/** What the client keeps the process alive with. */
interface Holds {
  readonly transport?: { readonly socket?: Hold };
  readonly heartbeats?: { readonly timer?: Hold };
}

interface Hold {
  unref?(): void;
}

/**
 * A connection does not keep a host alive that has nothing to wait for, as daemons of other engines do not. The client has
 * no option for it: what it has is looked for, and left alone where it is not there.
 */
function letGo(connection: NatsConnection): void {
  const letGoNow = () => {
    const { protocol } = connection as unknown as { protocol?: Holds }; // cast: see above
    protocol?.transport?.socket?.unref?.();
    protocol?.heartbeats?.timer?.unref?.();
  };
  letGoNow();
  void (async () => {
    // It has a new socket when it is connected again, and a new timer with every ping.
    for await (const { type } of connection.status()) if (type === 'reconnect' || type === 'ping') letGoNow();
  })();
}
