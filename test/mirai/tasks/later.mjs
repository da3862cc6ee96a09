import { setTimeout } from 'node:timers/promises';

/** A task that takes its time: longer than a host that nothing keeps alive would last, or than a daemon may. */
export async function later(value, milliseconds) {
  await setTimeout(milliseconds);
  return value;
}
