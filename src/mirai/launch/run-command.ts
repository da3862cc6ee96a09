import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { MiraiError } from '../errors.js';
import type { LaunchOutcome } from './launch-config.js';
import { quote } from './quote.js';
import { WatchedOutput } from './watched-output.js';

export interface CommandOptions {
  /** What the command reads from stdin. */
  readonly input?: string;
  readonly cwd?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds until it has ended, or said that a daemon is ready. */
  readonly timeout: number;
  /** Whether it fails where it ends and no daemon was ready; else it has submitted something to somebody. */
  readonly untilReady: boolean;
}

/** How long a command that has failed may take to hand over what it wrote last, in ms, if others hold its output open. */
const lastWords = 200;

/**
 * Runs a command that starts a daemon, without a shell. What it leaves running goes on after this process has ended.
 *
 * @throws MiraiError with the command and what it wrote to stderr
 */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<LaunchOutcome> {
  const { timeout, untilReady } = options;
  const child = start(argv, options);
  endWithProcess(child);
  const written = new WatchedOutput(child);
  let isOver = false;
  let last: NodeJS.Timeout | undefined;
  let deadline: NodeJS.Timeout | undefined;
  try {
    const id = await new Promise<string | undefined>((resolve, reject) => {
      const fail = (how: string, cause?: unknown) => reject(failure(argv, how, written.said, cause));
      const end = () => {
        const { exitCode, signalCode } = child;
        if (signalCode) fail(`was ended by ${signalCode}`);
        else if (exitCode !== 0) fail(`failed with exit code ${exitCode}`);
        else if (untilReady) fail('ended before a daemon was ready');
        else resolve(undefined);
      };
      child.once('error', (error) => {
        if (child.pid === undefined) fail(`cannot be run: ${reason(error, options.cwd)}`, error);
      });
      child.once('exit', (code) => {
        isOver = true;
        if (code !== 0) last = setTimeout(end, lastWords);
      });
      child.once('close', end);
      written.whenReady(resolve);
      deadline = setTimeout(() => {
        // What it has left running may hold its output open, which is no failure of what only submits.
        if (isOver && !untilReady) resolve(undefined);
        else if (isOver) fail(`has run, but no daemon was ready within ${timeout} ms; one may still come up`);
        else fail(`was not done within ${timeout} ms, and was ended`);
        if (!isOver) kill(child);
      }, timeout);
      // A command that does not read says why on stderr.
      child.stdin?.on('error', () => undefined).end(options.input);
    });
    return { state: id === undefined ? 'submitted' : 'ready', id, output: written.stdout };
  } finally {
    clearTimeout(deadline);
    clearTimeout(last);
    underWay.delete(child);
    letGo(child, written);
  }
}

/** Commands of which it is not known yet what comes of them. */
const underWay = new Set<ChildProcess>();
let isWatching = false;

function endWithProcess(child: ChildProcess): void {
  underWay.add(child);
  if (isWatching) return;
  isWatching = true;
  process.on('exit', () => {
    for (const each of underWay) kill(each);
  });
}

function start(argv: readonly string[], { input, cwd, environment }: CommandOptions): ChildProcess {
  const [file = '', ...args] = argv;
  try {
    return spawn(file, args, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      windowsHide: true,
      // In a group of its own: it survives an interrupt from the terminal, and is ended with all that it started.
      detached: process.platform !== 'win32',
      ...(cwd !== undefined && { cwd }),
    });
  } catch (error) {
    // Of some errors there is no event: the arguments are too long, say.
    throw failure(argv, `cannot be run: ${error instanceof Error ? error.message : error}`, '', error);
  }
}

function failure(argv: readonly string[], how: string, said: string, cause: unknown): MiraiError {
  const message = `launchRemote: the command ${quote(argv)} ${how}${said && `: ${said}`}`;
  return new MiraiError(message, cause === undefined ? {} : { cause });
}

function reason(error: NodeJS.ErrnoException, cwd: string | undefined): string {
  if (error.code !== 'ENOENT') return error.message;
  return cwd === undefined ? 'it is not installed' : `it is not installed, or there is no folder ${cwd}`;
}

/** This process does not wait for the command any more, which may write on. */
function letGo(child: ChildProcess, written: WatchedOutput): void {
  written.forget();
  child.removeAllListeners().on('error', () => undefined);
  child.unref();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.resume();
    if (stream instanceof Socket) stream.unref();
  }
}

/** Ends the command and what it has started. */
function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended this very moment.
  }
  child.kill('SIGKILL');
}
