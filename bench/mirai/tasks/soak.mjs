// What the soak sends to daemons.
import { setTimeout as wait } from 'node:timers/promises';

export function double(value) {
  return 2 * value;
}

export async function doubleLater(value, ms) {
  await wait(ms);
  return 2 * value;
}

/** @param {Uint8Array} bytes */
export function sum(bytes) {
  return bytes.reduce((total, byte) => total + byte, 0);
}

export function fail(value) {
  throw Object.assign(new RangeError(`failed with ${value}`), { value });
}

/** Counts how often it runs, where memory is shared. */
export function count(counters, at) {
  return Atomics.add(counters, at, 1);
}

export function exit() {
  process.exit(1);
}

/** Ends its daemon from outside of the task, which is still running. */
export async function crashLater() {
  setTimeout(() => {
    throw new Error('thrown where nobody catches it');
  });
  await new Promise(() => {});
}
