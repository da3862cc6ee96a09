import { builtIn } from './built-in.js';

interface Timers {
  setImmediate?(fn: () => void): unknown;
  setTimeout(fn: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

interface Port {
  onmessage: unknown;
  postMessage(message: unknown): void;
  close(): void;
}

// Reason for the cast: every runtime has the timers, and most have the channel.
const globals = globalThis as unknown as Timers & { MessageChannel?: new () => { port1: Port; port2: Port } };

/** As they were when this module was loaded, those of Node where there are some: fake timers take the place of the global ones. */
const { setImmediate, setTimeout, clearTimeout } = {
  ...timersOf(globals),
  ...builtIn<Timers>('node:timers'),
};
const { MessageChannel } = globals;

function timersOf({ setTimeout, clearTimeout }: Timers): Timers {
  return { setTimeout, clearTimeout };
}

/** Fulfilled in a task of its own, so that the job queue has run empty before. */
export function jobsDone(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate) return void setImmediate(resolve);
    if (!MessageChannel) return void setTimeout(resolve, 0);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Calls `fn` once after some time, unless the returned function is called before. */
export function startTimer(fn: () => void, milliseconds: number): () => void {
  const timer = setTimeout(fn, milliseconds);
  return () => clearTimeout(timer);
}
