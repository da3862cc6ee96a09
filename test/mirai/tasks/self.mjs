import { setImmediate } from 'node:timers/promises';
import { currentTask, daemons, onDaemon } from 'otel-promise-domain/mirai';

export function whoAmI() {
  const task = currentTask();
  return (
    task && {
      id: task.id,
      aborted: task.signal.aborted,
      recording: task.span?.isRecording() ?? false,
      onDaemon: onDaemon(),
    }
  );
}

/** Whose the task is, and whether it is cancelled, as the task itself sees it when it ends. */
export async function idAndSignal(value) {
  const { id, signal } = currentTask();
  await setImmediate();
  return [id, signal.aborted, value];
}

export async function idAfterTurns(count) {
  for (let turn = 0; turn < count; turn++) await setImmediate();
  return currentTask()?.id;
}

export const randoms = (count) => Array.from({ length: count }, () => Math.random());

export function ownRandoms(count) {
  const { random } = currentTask();
  return Array.from({ length: count }, () => random());
}

export async function startDaemons(n) {
  await daemons(n);
  return 'they were started';
}
