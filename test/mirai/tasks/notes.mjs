import { appendFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';

/** Leaves a line that the host can count. */
export function note(path, line) {
  appendFileSync(path, `${line}\n`);
  return line;
}

export async function noteAfterTurns(path, line, count) {
  for (let turn = 0; turn < count; turn++) await setImmediate();
  return note(path, line);
}

/** Blocks its thread from its first statement on. */
export function noteAndSpin(path, line) {
  note(path, line);
  for (;;);
}

export const place = () => `${process.pid}:${threadId}`;

export function noteOrFail(line, path) {
  note(path, line);
  if (line === 'fail') throw new Error('failed');
  return line;
}
