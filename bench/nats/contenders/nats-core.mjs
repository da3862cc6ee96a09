import { connect } from '@nats-io/transport-node';
import { startWorkers } from './worker-processes.mjs';

/** ms: no task is lost here, and none may be given up. */
const TIMEOUT = 60_000;

export async function open(workers, { nats }) {
  const subject = `bench.core.${process.pid}`;
  const stopWorkers = await startWorkers(
    new URL('../tasks/nats-core.mjs', import.meta.url),
    Array.from({ length: workers }, () => ({ nats, subject })),
  );
  const connection = await connect({ servers: nats });
  return {
    async call(name, args) {
      const reply = await connection.request(subject, JSON.stringify({ name, args }), { timeout: TIMEOUT });
      return reply.json();
    },
    async close() {
      await stopWorkers();
      await connection.close();
    },
  };
}
