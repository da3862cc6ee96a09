import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { bootstrap } from '../daemon/bootstrap.js';
import { daemonCode } from '../daemon/code.js';
import type { ResourceLimits } from '../options.js';
import { FrameReader, toFrame } from '../protocol/frames.js';
import type { DaemonMessage } from '../protocol/messages.js';
import { reviveError } from '../protocol/remote-error.js';
import type { Engine, Link } from './engine.js';

/** How much is kept of what a daemon writes to stderr before it is up, which may say why it is not. */
const mostKept = 4000;

/** Options of this process that say what it runs, which a daemon does not; of some the value follows. */
const ownOptions =
  /^(-e|--eval|-p|--print|-pe|-c|--check|-i|--interactive|--input-type|--test|--watch|--inspect)/;
const withValue = new Set(['-e', '--eval', '-p', '--print', '-pe']);

/** Daemons in child processes. */
export const processes: Engine = {
  scheme: 'process',
  transport: 'ipc',
  shares: false,

  launch(start, limits, events): Link {
    const child = spawn(process.execPath, [...inheritedOptions(), ...limitOptions(limits), '-'], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // In a group of its own: an interrupt from the terminal is for the host, whose end ends its daemons.
      detached: process.platform !== 'win32',
    });
    // In the order of `channel`. Reason for the casts: `pipe` makes sockets of all of them.
    const [stdin, stdout, stderr, host, results] = child.stdio as unknown as [
      Socket,
      Socket,
      Socket,
      Socket,
      Socket,
    ];
    for (const handle of [child, stdin, stdout, stderr, host, results]) handle.unref();
    // A daemon that has died does not read: that it has is told by its end.
    for (const stream of [stdin, host]) stream.on('error', () => undefined);
    stdin.end(bootstrap('process', start, daemonCode));
    let cause: unknown;
    let written = '';
    const keep = (text: unknown) => {
      written = `${written}${text}`.slice(-mostKept);
    };
    stderr.on('data', keep);
    const received = (messages: readonly DaemonMessage[]) => {
      for (const message of messages) {
        if (message.kind === 'dying') cause = reviveError(message.error);
        else if (message.kind === 'ready') {
          stderr.off('data', keep);
          written = '';
        }
      }
      events.received(messages);
    };
    readFrames(host, (value) => received([value as DaemonMessage])); // casts: daemons write nothing else
    readFrames(results, (value) => received([value as DaemonMessage]));
    whenOver(child, results, (how, error) => {
      const why = cause ?? error ?? (written ? new Error(written.trim()) : undefined);
      if (why === undefined) events.gone({ how });
      else events.gone({ how: cause ? `died of ${String(cause)}` : how, cause: why });
    });
    return {
      output: { stdout, stderr },
      send: (messages) => void host.write(toFrame(messages)),
      kill: () => void child.kill('SIGKILL'),
    };
  },
};

function readFrames(socket: Socket, take: (value: unknown) => void): void {
  const frames = new FrameReader();
  socket.on('data', (piece) => {
    for (const value of frames.read(piece)) take(value);
  });
  socket.on('error', () => undefined);
}

/** Calls back once, when the process has ended and all that it wrote has been read. */
function whenOver(child: ChildProcess, results: Socket, over: (how: string, error: unknown) => void): void {
  let how = 'could not be started';
  let failure: unknown;
  let open = 2;
  const close = () => {
    open--;
    if (open === 0) over(how, failure);
  };
  results.once('close', close);
  child.once('error', (error) => {
    failure = error;
    if (child.pid === undefined) close();
  });
  child.once('exit', (code, signal) => {
    how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    close();
  });
}

function inheritedOptions(): string[] {
  const { execArgv } = process;
  return execArgv.filter(
    (option, index) => !ownOptions.test(option) && !withValue.has(execArgv[index - 1] ?? ''),
  );
}

function limitOptions(limits: ResourceLimits = {}): string[] {
  const { maxOldGenerationSizeMb, maxYoungGenerationSizeMb, stackSizeMb } = limits;
  const options: string[] = [];
  if (maxOldGenerationSizeMb) options.push(`--max-old-space-size=${maxOldGenerationSizeMb}`);
  if (maxYoungGenerationSizeMb) options.push(`--max-semi-space-size=${maxYoungGenerationSizeMb}`);
  if (stackSizeMb) options.push(`--stack-size=${Math.floor(stackSizeMb * 1000)}`);
  return options;
}
