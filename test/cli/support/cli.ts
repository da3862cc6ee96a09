import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ended } from '../../mirai/support/run-program.js';

/** The program of the package as it is built. */
export const main = join(
  dirname(createRequire(import.meta.url).resolve('otel-promise-domain/package.json')),
  ...['dist', 'cli', 'main.js'],
);

interface Options {
  env?: Record<string, string>;
  cwd?: string;
}

/** Starts it; it does not survive the running test. */
export function startCli(args: readonly string[], { env = {}, cwd }: Options = {}) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NATS_|NODE_OPTIONS$|FORCE_COLOR$|NO_COLOR$)/.test(name),
  );
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...env },
    ...(cwd !== undefined && { cwd }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Runs it to its end. */
export function cli(args: readonly string[], options: Options = {}) {
  return ended(startCli(args, options));
}

/** What it says on stderr about wrong usage; it has done nothing. */
export async function usageError(args: readonly string[], options: Options = {}): Promise<string> {
  const { code, stdout, stderr } = await cli(args, options);
  if (code !== 2 || stdout !== '') throw new Error(`it ended with ${code}: ${stdout}${stderr}`);
  return stderr.replace(/\n(\(--help says more\)\n)?$/, '');
}
