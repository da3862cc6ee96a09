// A work queue whose messages name the inbox of the host: the reply subject is where JetStream wants acknowledgements.
import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect, createInbox } from '@nats-io/transport-node';
import { PendingCalls } from './pending-calls.mjs';
import { startWorkers } from './worker-processes.mjs';

/** ms: no publication is lost here, and none may be given up. */
const TIMEOUT = 60_000;

/** @param {{ pull: 'consume' | 'next' }} options `next` has one message in hand */
export async function open(workers, { nats }, { pull }) {
  const stream = `BENCH_${process.pid}`;
  const subject = `bench.stream.${process.pid}`;
  const consumer = 'workers';
  const connection = await connect({ servers: nats });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: stream, subjects: [subject], retention: RetentionPolicy.Workqueue });
  await manager.consumers.add(stream, { durable_name: consumer, ack_policy: AckPolicy.Explicit });

  const calls = new PendingCalls();
  const inbox = createInbox();
  connection.subscribe(inbox, {
    callback(error, message) {
      if (error) throw error;
      const { id, value } = message.json();
      calls.fulfil(id, value);
    },
  });
  const stopWorkers = await startWorkers(
    new URL('../tasks/jetstream.mjs', import.meta.url),
    Array.from({ length: workers }, () => ({ nats, stream, consumer, pull })),
  );
  const client = jetstream(connection, { timeout: TIMEOUT });
  return {
    call: (name, args) =>
      calls.call((id) => client.publish(subject, JSON.stringify({ id, inbox, name, args }))),
    async close() {
      await stopWorkers();
      await manager.streams.delete(stream);
      await connection.close();
    },
  };
}
