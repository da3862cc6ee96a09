import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Starts a program of `programs/`, which does not survive the running test. */
export function startProgram(name: string, args: readonly string[] = []) {
  const path = fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: ownEnvironment(),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Runs one to its end. */
export async function runProgram(name: string, args: readonly string[] = []) {
  return ended(startProgram(name, args));
}

export async function ended(
  child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream },
) {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[code: number | null, signal: string | null]>, // cast: as Node says
  ]);
  return { code, signal, stdout, stderr };
}

/** Without what the test runner sets for its own children. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...environment } = process.env;
  return environment;
}

/** Whether a process is there; one that has ended and that nobody has waited for is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
