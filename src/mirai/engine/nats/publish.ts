import type { NatsConnection, Payload, PublishOptions } from '@nats-io/transport-node';

/** Publishes, unless the connection is being ended: what is said then is for nobody. */
export function publishTo(
  connection: NatsConnection,
  subject: string,
  message: Payload,
  options?: PublishOptions,
): void {
  if (!connection.isClosed() && !connection.isDraining()) connection.publish(subject, message, options);
}
