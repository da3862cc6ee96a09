import { createRequire } from 'node:module';

type Library = typeof import('otel-promise-domain/mirai');

type Core = typeof import('otel-promise-domain');

const require = createRequire(import.meta.url);

/**
 * The package as Node loads it, by its own name. The test runner would transform it and have a second copy beside the one
 * that the modules of tasks import, which are to be of one mind on the engine that runs them in this very thread.
 */
export const {
  currentTask,
  DaemonLost,
  daemons,
  daemonsSet,
  everywhere,
  importTasks,
  isMirai,
  isMiraiMap,
  launchLocal,
  localDaemons,
  MiraiError,
  MiraiInterrupt,
  MiraiTimeout,
  mirai,
  miraiMap,
  NoDaemons,
  OtelPromiseDomainError,
  onDaemon,
  raceMirai,
  requireDaemons,
  status,
  tryMirai,
  unresolved,
  withDaemons,
} = require('otel-promise-domain/mirai') as Library; // cast: `require` knows no types

export const { DomainPromise } = require('otel-promise-domain') as Core; // cast: as above
