import { setImmediate } from 'node:timers/promises';

/** Resolves when `condition` holds; it is looked at in every turn of the event loop, and the test's time is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

/** Resolves after `count` turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}
