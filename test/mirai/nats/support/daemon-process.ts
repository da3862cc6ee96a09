import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const program = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url));

/** The modules that daemons of these tests may load, unless they are told otherwise. */
export const allowed = ['../tasks', '../../tasks'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

export interface DaemonProcessOptions {
  /** Where it connects. */
  url: string;
  compute?: string;
  /** Of the command `daemon`, in place of those that allow the modules of the tests. */
  args?: readonly string[];
  /** A command that becomes the daemon, before it. */
  prefix?: readonly string[];
  /** Of Node. */
  nodeArgs?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

export interface DaemonProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly output: string;
  /** Resolves when the process has ended, if that is what the signal does. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a daemon as one starts it on another machine, without waiting for it. */
export function spawnDaemon(options: DaemonProcessOptions): DaemonProcess {
  const { url, compute, args = permissive(), prefix = [], nodeArgs = [], env = {} } = options;
  const { NODE_OPTIONS: _options, ...environment } = process.env; // without what the test runner sets
  const profile = compute === undefined ? [] : ['--compute', compute];
  const command = [
    ...prefix,
    process.execPath,
    ...nodeArgs,
    program,
    'daemon',
    '--url',
    url,
    ...profile,
    ...args,
  ];
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = ['SIGSTOP', 'SIGCONT'].includes(signal) ? undefined : once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid ?? -1,
    child,
    get output() {
      return output;
    },
    kill,
  };
}

/** Resolves when a daemon serves its profile. */
export async function isServing(daemon: DaemonProcess): Promise<void> {
  await eventually(() => {
    const { exitCode, signalCode } = daemon.child;
    if (exitCode !== null || signalCode !== null) throw new Error(`the daemon has ended: ${daemon.output}`);
    return /^ready: /m.test(daemon.output);
  });
}

export function permissive(): string[] {
  return [...allowed.flatMap((path) => ['--modules', path]), '--allow-source'];
}
