// The servers of the bench: real ones, on free ports of the loopback, with nothing left of them at the end.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Debian puts servers where the path of a user does not look. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** A server that does not listen by then never will. */
const LIMIT_MS = 10_000;

/**
 * @typedef {object} Servers
 * @property {string} nats URL of a NATS server with JetStream on a file store
 * @property {{ host: string, port: number }} redis one that writes nothing to disk
 */

/** @returns {Promise<{ servers: Servers, stop: () => Promise<void> }>} once they listen */
export async function startServers() {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'bench-nats-'));
  const stack = [() => rmSync(scratch, { recursive: true, force: true })];
  const stop = async () => {
    while (stack.length > 0) await stack.pop()();
  };
  try {
    const nats = await start('nats-server', stack, (port) => [
      ...['-js', '-sd', scratch, '-a', '127.0.0.1', '-p', `${port}`],
    ]);
    const redis = await start('redis-server', stack, (port) => [
      ...['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--appendonly', 'no', '--dir', scratch],
    ]);
    return {
      servers: { nats: `nats://127.0.0.1:${nats}`, redis: { host: '127.0.0.1', port: redis } },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the server says of its version. */
export function versionOfServer(name) {
  const { error, stdout } = spawnSync(name, ['--version'], { env, encoding: 'utf8' });
  if (error) throw missing(name, error);
  return /v=?(?<version>[\d.]+)/.exec(stdout).groups.version;
}

async function start(name, stack, argumentsFor) {
  const port = await freePort();
  const server = spawn(name, argumentsFor(port), { env, stdio: 'ignore' });
  const ended = new Promise((resolve) => {
    server.once('exit', resolve);
    server.once('error', resolve);
  });
  let failure;
  void ended.then((how) => {
    failure = how instanceof Error ? missing(name, how) : new Error(`${name} ended with ${how}`);
  });
  stack.push(() => {
    server.kill();
    return ended;
  });
  const limit = performance.now() + LIMIT_MS;
  while (!(await listens(port))) {
    if (failure) throw failure;
    if (performance.now() > limit) throw new Error(`${name} does not listen after ${LIMIT_MS} ms`);
    await wait(20);
  }
  return port;
}

function missing(name, cause) {
  const install = `apt-get install --yes --no-install-recommends ${name}`;
  return new Error(`${name} did not start; it is installed by: ${install}`, { cause });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
