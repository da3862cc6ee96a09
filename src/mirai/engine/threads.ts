import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { bootstrap } from '../daemon/bootstrap.js';
import { daemonCode } from '../daemon/code.js';
import { Ledger } from '../protocol/ledger.js';
import type { DaemonMessage, HostMessage } from '../protocol/messages.js';
import type { Engine, Link } from './engine.js';

/** How many messages are taken in at a time, before other events of the host have their turn. */
const most = 1000;

/** Daemons in worker threads. */
export const threads: Engine = {
  scheme: 'thread',
  transport: 'inproc',
  shares: true,

  launch(start, limits, events): Link {
    const { port1: port, port2 } = new MessageChannel();
    const ledger = new Ledger();
    const worker = new Worker(bootstrap('thread', start, daemonCode), {
      eval: true,
      name: `mirai daemon ${start.id}`,
      workerData: { port: port2, ledger: ledger.buffer },
      transferList: [port2],
      ...(limits && { resourceLimits: limits }),
    });
    worker.unref();
    let cause: unknown;
    // Not by the options `stdout` and `stderr`: streams that are asked for keep the process alive (`kIncrementsPortRef` of Node).
    worker.stdout.unpipe(process.stdout);
    worker.stderr.unpipe(process.stderr);

    // A message that cannot be read: what it was about cannot be known, so that all of it is lost with the daemon.
    const giveUp = (error: unknown) => {
      cause ??= error;
      void worker.terminate();
    };
    const receive = () => {
      try {
        return receiveMessageOnPort(port);
      } catch (error) {
        giveUp(error);
        return undefined;
      }
    };
    let answered = 0;
    const drain = (limit: number) => {
      answered = ledger.answered;
      const messages: DaemonMessage[] = [];
      while (messages.length < limit) {
        const next = receive();
        if (!next) break;
        messages.push(next.message);
      }
      if (messages.length > 0) events.received(messages);
    };
    port.on('message', (message: DaemonMessage) => {
      events.received([message]);
      drain(most);
    });
    port.on('messageerror', giveUp);
    port.unref();

    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      drain(Number.POSITIVE_INFINITY);
      port.close();
      const how = cause ? `died of ${String(cause)}` : `exited with code ${code}`;
      events.gone({
        how,
        wasRunning: (job) => ledger.wasRunning(job),
        ...(cause !== undefined && { cause }),
      });
    });

    const post = (messages: readonly HostMessage[], moves: readonly object[]) => {
      port.postMessage(messages, moves as ArrayBuffer[]); // cast: what can be moved was moved once before
      ledger.ring();
    };

    return {
      output: worker,
      send(messages, moves) {
        const others: HostMessage[] = [];
        for (const message of messages) {
          if (message.kind === 'run') ledger.send(message.job);
          if (message.kind === 'recall') {
            const asked = message.jobs;
            events.received([{ kind: 'recalled', asked, given: asked.filter((job) => ledger.recall(job)) }]);
          } else if (message.kind !== 'interrupt') others.push(message);
          else if (ledger.condemn(message.job)) void worker.terminate();
        }
        if (others.length > 0) post(others, moves);
      },
      stayAwake(ms) {
        ledger.waitForAnswer(answered, ms);
        drain(most);
      },
      kill: () => void worker.terminate(),
    };
  },
};
