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
export { miraiMap } from './map.js';
export { Mirai, mirai, tryMirai } from './mirai.js';
export { MiraiMap } from './mirai-map.js';
export type {
  DaemonStatus,
  Daemons,
  DaemonsOptions,
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
