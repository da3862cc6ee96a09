import { threadId, workerData } from 'node:worker_threads';
import { Ledger } from '../protocol/ledger.js';
import type { DaemonStart } from '../protocol/messages.js';
import { startDaemon } from './start-daemon.js';
import { threadPort } from './thread-port.js';

/** The daemon in a worker thread. */
export async function runThread(start: DaemonStart): Promise<void> {
  const { port, ledger } = workerData;
  await startDaemon(start, threadPort(port, new Ledger(ledger)), { threadId, enter: (_, fn) => fn() });
  await written(process.stdout);
  await written(process.stderr);
  process.exit(0);
}

/** Resolves when what was written before has gone to the host. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
