import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';

export interface NatsServerOptions {
  /** The address that it listens on: 127.0.0.1, when not given. */
  host?: string;
  /** One that is free, when not given. */
  port?: number;
  /** More text for the configuration file: `tls`, `authorization`, `cluster` and so on. */
  config?: string;
  /** Where streams are kept. A directory that is given is not removed at the end. */
  storeDir?: string;
  /** Bytes of one message at most. */
  maxPayload?: number;
  args?: readonly string[];
  /** Whether it has streams. Default: true. */
  jetstream?: boolean;
}

export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now: another one after `restart()`. */
  readonly pid: number;
  readonly storeDir: string;
  /** What the server has written, the end of it. */
  readonly log: string;
  /** Ends the server in good order if it runs, and starts it on the same port and store. */
  restart(): Promise<void>;
  /** Resolves when the signal is sent; when the process has ended, if it is one that ends it. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Kills the server and removes its directory. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a NATS server with JetStream; it accepts connections when the promise resolves. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const { host = '127.0.0.1' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'nats-server-'));
  const storeDir = options.storeDir ?? join(folder, 'store');
  let port = options.port ?? (await freePort());
  const start = () => startProcess(folder, { ...options, host, port, storeDir });
  let current = start();
  try {
    while (!(await accepts(folder, host, port, current))) {
      // Another process was faster, which is no failure as long as it may be any port.
      if (options.port !== undefined || !current.log().includes('address already in use'))
        throw new Error(failure(current));
      port = await freePort();
      current = start();
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const kill = (signal: NodeJS.Signals) => endProcess(current.child, signal);
  return {
    url: `nats://${host}:${port}`,
    port,
    storeDir,
    get pid() {
      return current.child.pid ?? -1;
    },
    get log() {
      return current.log();
    },
    kill,
    async restart() {
      await kill('SIGTERM');
      current = start();
      if (!(await accepts(folder, host, port, current))) throw new Error(failure(current));
    },
    async stop() {
      await kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface ServerProcess {
  child: ChildProcess;
  log(): string;
  error(): Error | undefined;
}

function startProcess(folder: string, options: NatsServerOptions & { storeDir: string }): ServerProcess {
  mkdirSync(options.storeDir, { recursive: true });
  const file = join(folder, 'nats.conf');
  const lines = [
    `host: ${JSON.stringify(options.host)}`,
    `port: ${options.port}`,
    options.jetstream === false ? '' : `jetstream { store_dir: ${JSON.stringify(options.storeDir)} }`,
    options.maxPayload === undefined ? '' : `max_payload: ${options.maxPayload}`,
    options.config ?? '',
  ];
  writeFileSync(file, lines.join('\n'));
  const child = spawn('nats-server', ['-c', file, '--ports_file_dir', folder, ...(options.args ?? [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  let error: Error | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-50_000);
  });
  child.on('error', (cause) => {
    error = cause;
    running.delete(child);
  });
  child.on('exit', () => running.delete(child));
  running.add(child);
  return { child, log: () => log, error: () => error };
}

/** Whether the server came to accept connections: not when it ended before. */
async function accepts(
  folder: string,
  host: string,
  port: number,
  { child, error }: ServerProcess,
): Promise<boolean> {
  const closed = new Promise<boolean>((resolve) => child.once('close', () => resolve(true)));
  // Written by this very process once it listens, while another one may answer on a port that it found taken.
  const ports = join(folder, `nats-server_${child.pid}.ports`);
  while (!existsSync(ports) || !(await firstLine(host, port)).startsWith('INFO ')) {
    if (!(await Promise.race([closed, delay(10, false)]))) continue;
    if (error() === undefined) return false;
    throw new Error(missing(error()), { cause: error() });
  }
  return true;
}

function firstLine(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(port, host);
    socket.once('data', (data) => {
      resolve(String(data));
      socket.destroy();
    });
    socket.on('error', () => {}).once('close', () => resolve(''));
  });
}

function missing(error: (Error & { code?: string }) | undefined): string {
  return error?.code === 'ENOENT'
    ? 'nats-server is not installed: apt-get update && apt-get install --yes --no-install-recommends nats-server'
    : `nats-server cannot be started: ${String(error)}`;
}

function failure({ child, log }: ServerProcess): string {
  return `nats-server ended at its start, with ${child.exitCode ?? child.signalCode}: ${log()}`;
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const isEnd = !['SIGSTOP', 'SIGCONT', 'SIGHUP', 'SIGUSR1'].includes(signal);
  const ended = isEnd ? once(child, 'exit') : undefined;
  child.kill(signal);
  await ended;
}
