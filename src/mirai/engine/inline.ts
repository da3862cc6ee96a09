import { AsyncLocalStorage } from 'node:async_hooks';
import { threadId } from 'node:worker_threads';
import { Daemon } from '../daemon/daemon.js';
import { DaemonTelemetry } from '../daemon/daemon-telemetry.js';
import type { HostPort } from '../daemon/host-port.js';
import { prepare } from '../daemon/prepare.js';
import type { RunningTask } from '../daemon/running-task.js';
import { trimStack } from '../daemon/trim-stack.js';
import { Ledger } from '../protocol/ledger.js';
import type { DaemonMessage, DaemonStart, HostMessage } from '../protocol/messages.js';
import { packError } from '../protocol/remote-error.js';
import { running, setRunning } from '../protocol/running.js';
import type { Engine, Link } from './engine.js';

const storage = new AsyncLocalStorage<RunningTask>();

/** Daemons in the thread of the host, for tests and for debugging: one task of each at a time, and nothing is isolated. */
export const inline: Engine = {
  scheme: 'inline',
  transport: 'inproc',
  shares: true,

  launch(start, _, events): Link {
    const ledger = new Ledger();
    let inbox: HostMessage[] | undefined = [];
    let listener: (messages: readonly HostMessage[]) => void = () => undefined;
    let isOver = false;
    const over = (how: string) => {
      if (isOver) return;
      isOver = true;
      undo();
      events.gone({ how, wasRunning: (job) => ledger.wasRunning(job) });
    };

    const port: HostPort = {
      ledger,
      blocks: false,
      post(message) {
        const copy = copyOf(message);
        queueMicrotask(() => void (isOver || events.received([copy])));
      },
      receive: () => undefined,
      listen(given) {
        listener = given;
        if (inbox?.length) queueMicrotask(deliver);
      },
      afterInterrupt: () => Promise.resolve(),
    };
    function deliver(): void {
      const messages = inbox ?? [];
      inbox = [];
      if (!isOver && messages.length > 0) listener(messages);
    }

    const undo = enterInline(start);
    const daemon = new Daemon(start, port, new DaemonTelemetry(start, undefined), (task, fn) =>
      storage.run(task, fn),
    );
    const serve = async () => {
      try {
        await prepare(start);
      } catch (error) {
        port.post({ kind: 'unready', error: packError(error, trimStack) });
        return;
      }
      await daemon.serve(threadId);
      // Its messages come one microtask after they are posted: the last one before this.
      queueMicrotask(() => over('has left'));
    };
    void serve();

    return {
      send(messages) {
        for (const message of messages) {
          if (message.kind === 'run') ledger.send(message.job);
          if (message.kind === 'recall') {
            const asked = message.jobs;
            events.received([{ kind: 'recalled', asked, given: asked.filter((job) => ledger.recall(job)) }]);
          } else if (message.kind !== 'interrupt') {
            inbox ??= [];
            if (inbox.push(message) === 1) queueMicrotask(deliver);
          }
        }
      },
      kill: () => queueMicrotask(() => over('was ended')),
    };
  },
};

/** As `postMessage()` does with what is left to it. */
function copyOf(message: DaemonMessage): DaemonMessage {
  return message.kind === 'result' && message.form === 'clone' ? structuredClone(message) : message;
}

const nativeRandom = Math.random;
const taskRandom = () => storage.getStore()?.random() ?? nativeRandom();

/** How many inline daemons have seeds. */
let seeded = 0;
let isKnown = false;

/** Makes tasks known to this thread, and `Math.random()` theirs where they have seeds. @returns undoes the latter */
function enterInline(start: DaemonStart): () => void {
  if (!isKnown) {
    isKnown = true;
    const outer = running();
    const isDaemon = outer?.isDaemon ?? false;
    setRunning({ isDaemon, task: () => storage.getStore() ?? outer?.task() });
  }
  if (!start.seeded) return () => undefined;
  if (seeded++ === 0) Math.random = taskRandom;
  return () => {
    if (--seeded === 0 && Math.random === taskRandom) Math.random = nativeRandom;
  };
}
