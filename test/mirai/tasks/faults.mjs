import { readFileSync } from 'node:fs';
import { hold } from './gate.mjs';
import { note } from './notes.mjs';

export function exit(code) {
  process.exit(code);
}

/** The same after the host has seen that it runs. */
export async function exitLater(path, code) {
  await hold(path, 'exits');
  process.exit(code);
}

export async function holdOrExit(path, label) {
  if ((await hold(path, label)) === 'exit') process.exit(3);
  return label;
}

export function runOutOfMemory() {
  const kept = [];
  for (;;) kept.push(new Array(10_000).fill(kept.length));
}

export function leaveRejection(message) {
  void Promise.reject(new Error(message));
  return 'returned';
}

/** Most often a short task, which leaves a line; then one that loses its daemon, or that never ends. */
export function noteSeldomDie(line, path) {
  if (line === 'exit') process.exit(3);
  note(path, line);
  if (line === 'spin') for (;;);
  return line;
}

/** Waits for what never comes, while a timer throws. */
export async function throwInTimer(message) {
  setTimeout(() => {
    throw new RangeError(message);
  }, 0);
  await new Promise(() => {});
}

export function abort() {
  process.abort();
}

/** Leaves a line, and loses its daemon as often as there are fewer lines than `deaths` and one. */
export function noteAndDie(path, line, deaths) {
  note(path, line);
  const times = readFileSync(path, 'utf8')
    .split('\n')
    .filter((noted) => noted === line).length;
  if (times <= deaths) process.exit(3);
  return times;
}
