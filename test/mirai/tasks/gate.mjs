import { once } from 'node:events';
import { connect } from 'node:net';
import { threadId } from 'node:worker_threads';
import { currentTask } from 'otel-promise-domain/mirai';
import { noteOrFail } from './notes.mjs';

async function arrive(path, label) {
  const socket = connect(path);
  socket.on('error', () => {});
  await once(socket, 'connect');
  await say(socket, JSON.stringify({ label, pid: process.pid, threadId }));
  return socket;
}

function say(socket, line) {
  return new Promise((resolve) => socket.write(`${line}\n`, resolve));
}

/** Returns what the host answers. */
export async function hold(path, label) {
  const socket = await arrive(path, label);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return JSON.parse(answer);
}

export async function holdThenThrow(path, label) {
  await hold(path, label);
  throw new Error(label);
}

/** Returns when it is cancelled, and tells the host why. */
export async function holdUntilAborted(path, label) {
  const socket = await arrive(path, label);
  const { signal } = currentTask();
  if (!signal.aborted) await once(signal, 'abort');
  await say(socket, `aborted: ${signal.reason}`);
  socket.destroy();
  return 'aborted';
}

export async function holdForEver(path, label) {
  await arrive(path, label);
  await new Promise(() => {});
}

/** Blocks its thread in a job that comes after the first. */
export async function spin(path, label) {
  await arrive(path, label);
  for (;;);
}

/** Reports `fractions` one by one, each when the host asks for it. */
export async function report(label, path, fractions) {
  const socket = await arrive(path, label);
  for (const fraction of fractions) {
    await once(socket, 'data');
    currentTask().progress(fraction);
  }
  await once(socket, 'data');
  socket.destroy();
  return label;
}

/** Returns a global variable, from a daemon that has no time for another task meanwhile. */
export async function holdForGlobal(path, name) {
  await hold(path, name);
  return globalThis[name];
}

/** Returns at once unless `label` is `hold`: most often a short task, then a long one. */
export const holdSeldom = (label, path) => (label === 'hold' ? hold(path, label) : label);

export const holdAs = (label, path) => hold(path, label);

/** Notes `label`; never ends if that is `hold`, and throws if it is `fail`. */
export async function noteOrHold(label, notes, path) {
  noteOrFail(label, notes);
  return label === 'hold' ? holdForEver(path, label) : label;
}
