import {
  currentTask,
  DaemonLost,
  type Daemons,
  type DaemonsOptions,
  daemons,
  daemonsSet,
  launchLocal,
  localDaemons,
  MiraiError,
  MiraiInterrupt,
  MiraiTimeout,
  NoDaemons,
  OtelPromiseDomainError,
  onDaemon,
  requireDaemons,
  type Status,
  status,
  withDaemons,
} from 'otel-promise-domain/mirai';
import { exactly } from '../types/exactly.js';

exactly<Promise<Daemons>>()(daemons(2));
exactly<Promise<Daemons>>()(daemons(0, { compute: 'gpu' }));
export const options: DaemonsOptions = {
  compute: 'gpu',
  engine: 'processes',
  dispatcher: true,
  memory: 1e6,
  seed: 42,
  maxTasks: 10,
  idleTime: 1000,
  wallTime: 1000,
  cleanup: true,
  output: true,
  setup: new URL('file:///setup.js'),
  respawn: false,
  retries: 2,
  grace: 100,
  resourceLimits: { maxOldGenerationSizeMb: 64 },
};
const pool = await daemons(2, options);
exactly<string>()(pool.compute);
exactly<string>()(pool.url);
exactly<Status>()(pool.status());
exactly<Promise<void>>()(pool.reset());
export async function scoped(): Promise<string> {
  await using set = await daemons(1);
  return set.compute;
}

exactly<Status>()(status());
exactly<Status>()(status('gpu'));
exactly<number>()(status().mirai.awaiting);
exactly<boolean>()(daemonsSet());
export const required: true = requireDaemons('gpu');
exactly<Promise<void>>()(launchLocal(1, 'gpu'));

exactly<number>()(withDaemons('gpu', () => 1));
exactly<Promise<string>>()(withDaemons(pool, async () => 'text'));
export function local(): void {
  using _ = localDaemons('gpu');
  exactly<Disposable>()(localDaemons(pool));
}

exactly<boolean>()(onDaemon());
const task = currentTask();
if (task) {
  exactly<AbortSignal>()(task.signal);
  exactly<number>()(task.random());
  task.progress(0.5);
  // @ts-expect-error a fraction is a number
  task.progress('half');
}

export function codeOf(error: unknown): string | undefined {
  if (error instanceof OtelPromiseDomainError) return error.code;
  return undefined;
}
export const errors: OtelPromiseDomainError[] = [];
export const classes = [MiraiError, MiraiInterrupt, MiraiTimeout, DaemonLost, NoDaemons];
export function isTimeout(error: unknown): error is MiraiTimeout {
  return error instanceof MiraiTimeout && error.name === 'MiraiTimeout';
}

// @ts-expect-error how many is a number
void daemons('2');
// @ts-expect-error no number
void daemons();
// @ts-expect-error another engine
void daemons(2, { engine: 'workers' });
// @ts-expect-error an option that does not exist
void daemons(2, { name: 'gpu' });
// @ts-expect-error bytes are a number
void daemons(2, { memory: '1 GB' });
// @ts-expect-error a module is named by a place
void daemons(2, { setup: () => {} });
// @ts-expect-error no processor of spans
void daemons(2, { spanProcessor: {} });
// @ts-expect-error without what runs
withDaemons('gpu');
// @ts-expect-error neither a name nor daemons
withDaemons(2, () => 1);
// @ts-expect-error may be undefined
currentTask().id;
