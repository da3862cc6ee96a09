export { currentTask, onDaemon } from './current-task.js';
export { daemons, launchLocal } from './daemons.js';
export {
  DaemonLost,
  MiraiError,
  MiraiInterrupt,
  MiraiTimeout,
  NoDaemons,
  OtelPromiseDomainError,
} from './errors.js';
export { everywhere } from './everywhere.js';
export { type ClusterConfig, clusterConfig } from './launch/cluster-config.js';
export type { LaunchDaemonOptions } from './launch/daemon-command.js';
export type { HttpBody, JsonTemplate } from './launch/http-body.js';
export { type HttpConfig, httpConfig } from './launch/http-config.js';
export type { Launch, LaunchConfig, LaunchOutcome, LaunchResult } from './launch/launch-config.js';
export { type LaunchRemoteOptions, launchRemote } from './launch/launch-remote.js';
export type { LaunchTarget } from './launch/launch-target.js';
export { type LocalConfig, localConfig } from './launch/local-config.js';
export { type RemoteConfig, remoteConfig } from './launch/remote-config.js';
export type { Scheduler } from './launch/schedulers.js';
export { type SshConfig, sshConfig } from './launch/ssh-config.js';
export { miraiMap } from './map.js';
export { Mirai, mirai, tryMirai } from './mirai.js';
export { MiraiMap } from './mirai-map.js';
export type {
  DaemonStatus,
  Daemons,
  DaemonsOptions,
  Engine,
  EverywhereOptions,
  MapProgress,
  MiraiMapOptions,
  MiraiOptions,
  ProgressListener,
  ResourceLimits,
  Status,
  Transferable,
} from './options.js';
export { localDaemons, withDaemons } from './profiles.js';
export type { CurrentTask } from './protocol/running.js';
export { daemonsSet, isMirai, isMiraiMap, raceMirai, requireDaemons, status, unresolved } from './status.js';
export { type ImportedTasks, importTasks, type ModuleTask, type Task } from './tasks.js';
export type { SpanProcessor } from './telemetry/span-processor.js';
