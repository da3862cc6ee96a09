// What all contenders run in their workers.
import { setTimeout as wait } from 'node:timers/promises';

export function add(a, b) {
  return a + b;
}

/** @returns {Promise<number>} how many ms it really took, as timers are late */
export async function sleep(ms) {
  const started = performance.now();
  await wait(ms);
  return performance.now() - started;
}
