import { type ChildProcess, spawn } from 'node:child_process';
import type { DaemonMessage, HostMessage } from '../../../protocol/messages.js';
import { reviveError } from '../../../protocol/remote-error.js';
import type { Departure, Engine, Link } from '../../engine.js';
import type { Launch } from '../daemon/start-nats-daemon.js';
import type { LaunchedMessage } from '../launched-messages.js';
import type { NatsDaemonOptions } from '../options.js';
import { packageFile } from '../package.js';
import type { Presence } from '../wire/from-daemon.js';

/** How much is kept of what a daemon writes to stderr before it is up, which may say why it is not. */
const mostKept = 4000;

/** How long one that is to be ended by force has to leave, in ms. */
const killTime = 2000;

interface LauncherEvents {
  /** What daemons are told at their start. */
  readonly options: () => NatsDaemonOptions;
  readonly launch: (id: number) => Launch;
  /** A daemon is there. */
  readonly present: (id: number, presence: Presence) => void;
  /** A daemon is about to leave because it had nothing to do. */
  readonly idle: (id: number) => void;
}

/** Starts daemons as processes of this machine, each of which connects to the server on its own. */
export function launcher({ options, launch, present, idle }: LauncherEvents): Engine {
  return {
    scheme: 'nats',
    transport: 'tcp',
    shares: false,
    launch({ id }, _limits, events): Link {
      const child = spawn(
        process.execPath,
        [...inheritedOptions(), packageFile('dist', 'mirai', 'nats', 'launched.js')],
        {
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
          serialization: 'advanced',
          windowsHide: true,
          // In a group of its own: an interrupt from the terminal is for the host, whose end ends its daemons.
          detached: process.platform !== 'win32',
        },
      );
      child.unref();
      child.channel?.unref();
      // Reason for the casts: pipes of a child are sockets.
      const [stdout, stderr] = [child.stdout, child.stderr] as unknown as [
        import('node:net').Socket,
        import('node:net').Socket,
      ];
      for (const stream of [stdout, stderr]) stream?.unref();
      let written = '';
      const keep = (text: unknown) => {
        written = `${written}${text}`.slice(-mostKept);
      };
      stderr.on('data', keep);
      let cause: unknown;
      child.on('message', (message: LaunchedMessage) => {
        if (message.kind === 'ready') {
          stderr.off('data', keep);
          written = '';
          present(id, message.presence);
          const { pid } = message.presence;
          events.received([{ kind: 'ready', pid, threadId: 0, connect: undefined, spans: [] }]);
        } else if (message.kind === 'unready') {
          cause = reviveError(message.error);
          events.received([{ kind: 'unready', error: message.error }]);
        } else if (message.kind === 'leaving') {
          if (message.reason === 'idleTime') idle(id);
          events.received([{ kind: 'leaving' }]);
        } else events.received([{ kind: 'left', spans: [] } satisfies DaemonMessage]);
      });
      whenOver(child, (how, error) => {
        const why = cause ?? error ?? (written ? new Error(written.trim()) : undefined);
        events.gone(why === undefined ? { how } : { how, cause: why });
      });
      send(child, { kind: 'start', options: options(), launch: launch(id) });
      return {
        output: { stdout, stderr },
        send: (messages: readonly HostMessage[]) => {
          if (messages.some(({ kind }) => kind === 'leave')) send(child, { kind: 'leave' });
        },
        kill: () => {
          // One that can will say that it is gone, so that no host waits for it.
          send(child, { kind: 'leave' });
          setTimeout(() => child.kill('SIGKILL'), killTime).unref();
        },
      };
    },
  };
}

function send(child: ChildProcess, message: object): void {
  // One that is gone is told by its end.
  if (child.connected) child.send(message, () => undefined);
}

function whenOver(child: ChildProcess, over: (how: Departure['how'], error: unknown) => void): void {
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
    if (child.pid === undefined) over('could not be started', failure);
  });
  child.once('close', (code, signal) => {
    if (child.pid !== undefined)
      over(signal ? `was ended by ${signal}` : `exited with code ${code}`, failure);
  });
}

/** What the host was told to load first, its daemons load too. */
function inheritedOptions(): string[] {
  const { execArgv } = process;
  return execArgv.filter((option, index) => {
    if (/^--(import|require|conditions)=|^-r$|^--(import|require|conditions)$/.test(option)) return true;
    return /^(-r|--(import|require|conditions))$/.test(execArgv[index - 1] ?? '');
  });
}
