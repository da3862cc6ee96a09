import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Leaves a line for each of its runs, and takes its time. */
export async function count(path, line, milliseconds) {
  appendFileSync(path, `${line}\n`);
  if (milliseconds > 0) await setTimeout(milliseconds);
  return line;
}

/** The same, and blocks its thread meanwhile. */
export function countAndBlock(path, line, milliseconds) {
  appendFileSync(path, `${line}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  return line;
}

/** The same, with a result of `bytes` bytes. */
export function countAndFill(path, line, bytes) {
  appendFileSync(path, `${line}\n`);
  return new Uint8Array(bytes).fill(Number(line) % 251);
}

/** The same, and ends its own slot. */
export function countAndExit(path, line) {
  appendFileSync(path, `${line}\n`);
  process.exit(3);
}

/** The same, and kills its process. */
export function countAndKill(path, line) {
  appendFileSync(path, `${line}\n`);
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

/** The same, and fails. */
export function countAndThrow(path, line) {
  appendFileSync(path, `${line}\n`);
  throw new RangeError(`${line} is not to be had`);
}
