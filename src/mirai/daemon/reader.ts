import { Socket } from 'node:net';
import { type MessagePort, workerData } from 'node:worker_threads';
import { FrameReader, toFrame } from '../protocol/frames.js';
import { Ledger } from '../protocol/ledger.js';
import type { DaemonMessage, HostMessage } from '../protocol/messages.js';
import { channel } from './channel.js';

/** The thread beside a daemon in a process: it reads what comes from the host, and answers what cannot wait for a task. */
export function runReader(): void {
  const port: MessagePort = workerData.port;
  const ledger = new Ledger(workerData.ledger);
  const socket = new Socket({ fd: channel.host, readable: true, writable: true });
  const frames = new FrameReader();

  socket.on('data', (piece) => {
    // Reason for the cast: the host writes nothing else.
    for (const messages of frames.read(piece) as HostMessage[][]) take(messages);
  });
  // The host is gone. What the daemon runs may never return.
  for (const event of ['end', 'error', 'close']) socket.on(event, () => process.kill(process.pid, 'SIGKILL'));

  function take(messages: readonly HostMessage[]): void {
    const forDaemon: HostMessage[] = [];
    for (const message of messages) {
      if (message.kind === 'recall') answer(message.jobs);
      else if (message.kind === 'interrupt') interrupt(message.job);
      else {
        if (message.kind === 'run') ledger.send(message.job);
        forDaemon.push(message);
      }
    }
    if (forDaemon.length > 0) send(forDaemon);
  }

  function send(messages: readonly HostMessage[]): void {
    port.postMessage(messages);
    ledger.ring();
  }

  function answer(asked: readonly number[]): void {
    const given = asked.filter((job) => ledger.recall(job));
    const message: DaemonMessage = { kind: 'recalled', asked, given };
    socket.write(toFrame(message));
  }

  /** Breaks off what runs in the main thread, synchronous code too. */
  function interrupt(job: number): void {
    if (ledger.condemn(job)) process.kill(process.pid, 'SIGINT');
  }
}
