import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';

/** The watchers of the bucket of results. */
export async function watchersAt(url: string) {
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  const { consumers } = await jetstreamManager(connection);
  const bucket = 'KV_MIRAI_default_results';
  // There is no bucket before somebody needs it.
  const none = (error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return [];
    throw error;
  };
  const list = async () =>
    (await consumers.list(bucket).next().catch(none)).filter(({ push_bound }) => push_bound);
  return {
    count: async () => (await list()).length,
    async delete() {
      for (const { name } of await list()) await consumers.delete(bucket, name);
    },
  };
}
