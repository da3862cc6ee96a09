// What the tests use of `node:timers/promises`, with one thing that Bun does later than Node.
import { setImmediate as immediate } from 'node:timers/promises';

/** Bun reports what was rejected in one immediate only after all that were set by then. */
export async function setImmediate() {
  await immediate();
  if (process.versions.bun) await immediate();
}
