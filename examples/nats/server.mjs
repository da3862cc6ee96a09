import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const INSTALL = 'apt-get update && apt-get install --yes --no-install-recommends nats-server';

/**
 * A NATS server of this machine alone, with a folder of its own that goes with it; `undefined` where none is installed.
 */
export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'nats-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const port = await freePort();
  const options = ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', folder];
  const child = spawn('nats-server', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit').catch((error) => [error]);
  try {
    await ready(child, ended);
  } catch (error) {
    await remove();
    if (error.code !== 'ENOENT') throw error;
    console.error(`nats-server is not installed. This installs it:\n  ${INSTALL}`);
    return undefined;
  }
  const stop = async () => {
    child.kill();
    await ended;
    await remove();
  };
  return { url: `nats://127.0.0.1:${port}`, stop };
}

async function ready(child, ended) {
  const lines = createInterface({ input: child.stderr });
  const isReady = new Promise((resolve) => {
    lines.on('line', (line) => line.includes('Server is ready') && resolve());
  });
  const [reason] = await Promise.race([isReady.then(() => []), ended]);
  if (reason !== undefined)
    throw reason instanceof Error ? reason : new Error(`nats-server: exit code ${reason}`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
