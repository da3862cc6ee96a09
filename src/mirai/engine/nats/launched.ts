import { trimStack } from '../../daemon/trim-stack.js';
import { packError } from '../../protocol/remote-error.js';
import type { RunningDaemon } from './daemon/nats-daemon.js';
import { startDaemon } from './daemon/start-nats-daemon.js';
import type { LaunchedMessage, LaunchMessage } from './launched-messages.js';

/** A daemon in a process that a host has launched: it leaves when it is told to, and when its host is gone. */

let daemon: RunningDaemon | undefined;

/** Once it has been told what to be. */
let starting: Promise<void> | undefined;

function tell(message: LaunchedMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
}

async function start({ options, launch }: LaunchMessage & { kind: 'start' }): Promise<void> {
  try {
    daemon = await startDaemon(options, launch);
  } catch (error) {
    await tell({ kind: 'unready', error: packError(error, trimStack) });
    process.exit(1);
  }
  await tell({ kind: 'ready', presence: daemon.presence() });
  void serve(daemon);
}

async function serve(daemon: RunningDaemon): Promise<void> {
  void daemon.finished.then((reason) => tell({ kind: 'leaving', reason }));
  try {
    await daemon.left;
    await tell({ kind: 'left' });
    process.exit(0);
  } catch (error) {
    await tell({ kind: 'unready', error: packError(error, trimStack) });
    process.exit(1);
  }
}

/** What runs is not wanted by anybody. */
async function leave(): Promise<void> {
  if (!starting) process.exit(0);
  // Others may have heard of it by now: it is for them to hear that it is gone, too.
  await starting;
  daemon?.abort();
  await daemon?.leave();
}

process.on('message', (message: LaunchMessage) => {
  if (message.kind === 'start') starting = start(message);
  else void leave();
});
process.on('disconnect', () => void leave());
