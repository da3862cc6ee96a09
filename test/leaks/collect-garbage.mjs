import { setImmediate } from 'node:timers/promises';

/** Collects garbage until nothing is left that waits for the end of a job, or for a finalizer. */
export async function collectGarbage() {
  for (let i = 0; i < 4; i++) {
    await setImmediate();
    globalThis.gc();
  }
}
