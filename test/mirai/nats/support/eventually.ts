import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves when `condition` holds. It is looked at every few milliseconds, for things of other processes, which need the
 * processor meanwhile; the test's time is the limit.
 */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(5);
}
