// Processes and temporary folders, none of which outlives the process that made them, however that one ends.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OUTPUT_KEPT = 4000;
const undone = new Set();
let watching = false;

/** Calls `undo` once: when the returned function is called, or else when this process ends or is interrupted. */
function atTheLatestOnExit(undo) {
  watch();
  undone.add(undo);
  return () => {
    if (undone.delete(undo)) undo();
  };
}

/** The latest first: a process is ended before its folder is removed. */
function undoAll() {
  for (const undo of [...undone].reverse()) undo();
  undone.clear();
}

function watch() {
  if (watching) return;
  watching = true;
  process.on('exit', undoAll);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.once(signal, () => process.exit(code));
  }
}

/** A new folder in the folder of temporary files, and the function that removes it. */
export function temporaryFolder(prefix) {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const remove = atTheLatestOnExit(() =>
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  );
  return { path, remove };
}

/**
 * Starts a program in a process group of its own, so that all of its children can be ended with it.
 *
 * @returns the child, the promise that resolves when it has ended, the end of what it wrote, and the function that
 * kills the group and resolves when its leader is gone
 */
export function startGroup(
  command,
  args,
  { env = process.env, stdio = ['ignore', 'pipe', 'pipe'], cwd } = {},
) {
  const child = spawn(command, args, { env, stdio, cwd, detached: true });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-OUTPUT_KEPT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      resolve(error.message);
    });
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const kill = atTheLatestOnExit(() => killGroup(child.pid));
  return {
    child,
    ended,
    output: () => output,
    async stop() {
      kill();
      await ended;
    },
  };
}

function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
