import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { faultsOf } from './fixtures/check.mjs';

const DEADLINE = 40_000;

/** That a CommonJS program loads an ECMAScript module is new in the oldest versions of Node that can do it. */
const NOTICES = /^\(node:\d+\) ExperimentalWarning: CommonJS module .*\n\(Use `node --trace-warnings .*\n/gm;

/**
 * Runs a host as a program of its own; what is wrong with it, nothing if all is well.
 *
 * @param {{ command: string, args: string[], more?: string[], cwd: string, reports?: boolean }} host
 */
export async function runHost({ command, args, more = [], cwd, reports = true }, engine) {
  // A runner that this one is started by, and its options, are no business of the host's.
  const { NODE_OPTIONS, NODE_TEST_CONTEXT, VITEST, FORCE_COLOR, ...env } = process.env;
  const child = spawn(command, engine ? [...args, engine, ...more] : args, {
    cwd,
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, [status, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (signal) return [`it did not end by itself: ${signal}`, stdout, stderr];
  if (status !== 0) return [`the exit code is ${status}`, stdout, stderr];
  if (!reports) return [];
  const complaints = stderr.replace(NOTICES, '');
  return [
    ...(complaints === '' ? [] : [`something is on stderr: ${complaints}`]),
    ...faultsOf(JSON.parse(stdout), engine),
  ];
}
