import { EventEmitter, once } from 'node:events';
import { writeSync } from 'node:fs';
import { MessageChannel, Worker } from 'node:worker_threads';
import { toFrame } from '../protocol/frames.js';
import { Ledger } from '../protocol/ledger.js';
import type { DaemonStart } from '../protocol/messages.js';
import { packError } from '../protocol/remote-error.js';
import { bootstrap } from './bootstrap.js';
import { channel } from './channel.js';
import type { HostPort } from './host-port.js';
import { interruptible } from './interruptible.js';
import { startDaemon } from './start-daemon.js';
import { threadPort } from './thread-port.js';
import { trimStack } from './trim-stack.js';

/**
 * The daemon in a process of its own. What comes from the host is read by a thread beside it, which answers while a task
 * keeps this one busy, and ends the process when the host is gone. What it has to say is written here, before the next task
 * starts: the host has it whatever that task does to the process.
 */
export async function runProcess(start: DaemonStart, code: string): Promise<void> {
  const ledger = new Ledger();
  const { port1, port2 } = new MessageChannel();
  const reader = new Worker(bootstrap('reader', start, code), {
    eval: true,
    workerData: { port: port2, ledger: ledger.buffer },
    transferList: [port2],
    execArgv: [],
  });
  reader.unref();
  const interrupts = new EventEmitter();
  process.on('SIGINT', () => interrupts.emit('interrupt'));
  const port: HostPort = {
    ...threadPort(port1, ledger),
    post: (message) => write(toFrame(message)),
    async afterInterrupt() {
      await once(interrupts, 'interrupt');
    },
  };
  process.on('uncaughtExceptionMonitor', (error) =>
    port.post({ kind: 'dying', error: packError(error, trimStack) }),
  );
  await startDaemon(start, port, {
    threadId: 0,
    // To be on the watch for interrupts takes longer than a short task.
    enter: (_, fn, isShort) => (isShort ? fn() : interruptible(fn)),
    onInterrupt: (listener) => interrupts.on('interrupt', listener),
  });
  process.exit(0);
}

function write(frame: Buffer): void {
  for (let done = 0; done < frame.length; ) {
    try {
      done += writeSync(channel.results, frame, done);
    } catch (error) {
      // Reason for the cast: what the file system throws. The pipe is full until the host reads.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
