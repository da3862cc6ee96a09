import type { NatsConnection } from '@nats-io/transport-node';
import type { Endpoint } from '../../../protocol/messages.js';
import type { Names } from '../names.js';
import type { StreamOptions, TaskStream } from '../stream.js';
import type { AllowList } from './allow-list.js';

/** What a daemon is made of. */
export interface Setting {
  readonly id: string;
  readonly connection: NatsConnection;
  readonly names: Names;
  /** Where the server has JetStream. */
  readonly stream: TaskStream | undefined;
  /** What it is made with, where it has that later. */
  readonly streamOptions: StreamOptions | undefined;
  readonly endpoint: Endpoint;
  readonly allowed: AllowList;
  /** What the host that has launched it calls it. */
  readonly launch: string | undefined;
  readonly version: string;
}
