import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Presence } from '../wire/from-daemon.js';

/** Where the service API of NATS is (ADR-32 of NATS). */
const root = '$SRV';

/** What is told of a daemon by the service API, so that `nats micro` knows daemons too. */
export interface Service {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly metadata: Record<string, string>;
  /** How it is now. */
  readonly presence: () => Presence;
}

/** Answers whoever asks for services. The subscriptions end with the connection. */
export function serve(connection: NatsConnection, service: Service): void {
  const { name, id, version, metadata } = service;
  const started = new Date().toISOString();
  const identity = { name, id, version, metadata };
  const answers: Record<string, () => object> = {
    PING: () => ({ type: 'io.nats.micro.v1.ping_response', ...identity }),
    INFO: () => ({
      type: 'io.nats.micro.v1.info_response',
      ...identity,
      description: 'A daemon of mirai, of the package otel-promise-domain',
      endpoints: [],
    }),
    STATS: () => ({
      type: 'io.nats.micro.v1.stats_response',
      ...identity,
      started,
      endpoints: [],
      data: service.presence(),
    }),
  };
  for (const [verb, answer] of Object.entries(answers)) {
    const callback = (_: Error | null, message: Msg) => void message.respond(JSON.stringify(answer()));
    for (const suffix of ['', `.${name}`, `.${name}.${id}`]) {
      connection.subscribe(`${root}.${verb}${suffix}`, { callback });
    }
  }
}

/** Subject by which all daemons of a profile are asked how they are. */
export function statsSubject(service: string): string {
  return `${root}.STATS.${service}`;
}
