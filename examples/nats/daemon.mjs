import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// Elsewhere one types `npx --no otel-mirai`.
const otelMirai = fileURLToPath(
  new URL('dist/cli/main.js', import.meta.resolve('otel-promise-domain/package.json')),
);
const module = fileURLToPath(new URL('mandelbrot.mjs', import.meta.url));

/**
 * Starts a daemon in a process of its own, which runs the one module and nothing else.
 *
 * @param {string} url - of the server
 * @param {(strip: number) => void} begins - is called when it begins a strip
 */
export async function startDaemon(url, begins) {
  const options = ['--url', url, '--modules', `mandelbrot=${module}`, '--output'];
  const child = spawn(process.execPath, [otelMirai, 'daemon', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const isReady = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready: ')) resolve();
      const [, strip] = /begins strip (\d+)$/.exec(line) ?? [];
      if (strip) begins(Number(strip));
    });
  });
  const isOver = await Promise.race([isReady, ended.then(() => true)]);
  if (isOver) throw new Error(`a daemon did not start: ${said}`);
  return {
    pid: child.pid,
    kill: () => child.kill('SIGKILL'),
    /** It hands over what it has, and ends. */
    async leave() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
}
