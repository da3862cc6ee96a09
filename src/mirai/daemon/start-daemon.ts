import type { DaemonStart } from '../protocol/messages.js';
import { packError } from '../protocol/remote-error.js';
import { setRunning } from '../protocol/running.js';
import { Daemon, type Enter } from './daemon.js';
import { DaemonTelemetry } from './daemon-telemetry.js';
import type { HostPort } from './host-port.js';
import { loadInheritedImports } from './inherited-imports.js';
import { recorderUnlessOwnSdk, startSdkOfEnvironment } from './own-sdk.js';
import { prepare } from './prepare.js';
import { trimStack } from './trim-stack.js';

/** What a daemon is told of the thread that it has to itself. */
export interface Platform {
  readonly threadId: number;
  readonly enter: Enter;
  /** Calls back for each interrupt that comes while the event loop is free. */
  readonly onInterrupt?: (listener: () => void) => void;
}

/** Runs a daemon that has its thread to itself, until it is told to leave. */
export async function startDaemon(start: DaemonStart, port: HostPort, platform: Platform): Promise<void> {
  hideWarning();
  try {
    await loadInheritedImports();
    await prepare(start);
    await startSdkOfEnvironment();
  } catch (error) {
    port.post({ kind: 'unready', error: packError(error, trimStack) });
    return;
  }
  const recorder = start.tracing ? recorderUnlessOwnSdk() : undefined;
  const telemetry = new DaemonTelemetry(start, recorder);
  const daemon = new Daemon(start, port, telemetry, platform.enter);
  setRunning({ isDaemon: true, task: () => daemon.current });
  if (start.seeded) {
    const random = Math.random;
    Math.random = () => (daemon.current ? daemon.current.random() : random());
  }
  platform.onInterrupt?.(() => daemon.abandon());
  process.on('unhandledRejection', (reason) => daemon.stray(reason));
  await daemon.serve(platform.threadId);
}

/** Function tasks are compiled with an option of Node 20 and 22 that warns at its first `import()`, which is not theirs. */
function hideWarning(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}
