import { setImmediate } from 'node:timers/promises';

/**
 * Collects garbage until nothing is left that waits for the end of a job, or for a finalizer. What the engine has optimized
 * may hold an object for some collections more: `isDone` says whether there is anything left to wait for.
 */
export async function collectGarbage(isDone = () => true) {
  for (let round = 1; round <= 4 || (round <= 20 && !isDone()); round++) {
    await setImmediate();
    globalThis.gc();
  }
}
