export { type CollectOptions, collectMirai } from './collect.js';
export { startNatsDaemon } from './daemon/start-nats-daemon.js';
export { nats } from './nats.js';
export { natsStatus } from './nats-status.js';
export type {
  LeaveReason,
  NatsConnectionOptions,
  NatsDaemon,
  NatsDaemonOptions,
  NatsDaemonStatus,
  NatsOptions,
  NatsSlotStatus,
  NatsStatus,
} from './options.js';
