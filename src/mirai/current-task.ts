import { type CurrentTask, running } from './protocol/running.js';

/**
 * The task that the caller is part of; `undefined` outside of tasks.
 */
export function currentTask(): CurrentTask | undefined {
  return running()?.task();
}

/** Whether the caller runs on a daemon. Source: `on_daemon()` of the R package `mirai`. */
export function onDaemon(): boolean {
  const here = running();
  return here !== undefined && (here.isDaemon || here.task() !== undefined);
}
