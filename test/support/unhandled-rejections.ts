import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/**
 * Takes the place of the test runner, for which every unhandled rejection is a failure, until the running test is over.
 *
 * @returns the reasons, in the order in which they are reported
 */
export function collectUnhandledRejections(): unknown[] {
  const reasons: unknown[] = [];
  const collect = (reason: unknown) => void reasons.push(reason);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', collect);
  onTestFinished(() => {
    process.off('unhandledRejection', collect);
    for (const other of others) process.on('unhandledRejection', other);
  });
  return reasons;
}

/** Resolves when all jobs are done that are queued by then, and unhandled rejections have been reported. */
export function allJobsDone(): Promise<void> {
  return setImmediate();
}
