import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ended } from '../mirai/support/run-program.js';
import { scratchFolder } from '../mirai/support/scratch.js';
import { main } from './support/cli.js';

/** The package as it is installed without the packages that are optional. */
function installed(): string {
  const root = join(dirname(main), '..', '..');
  const modules = join(scratchFolder(), 'node_modules');
  const own = join(modules, 'otel-promise-domain');
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(own, name), { recursive: true });
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: object }; // cast: it has them
  for (const name of [...Object.keys(dependencies), '@opentelemetry/api']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return join(own, 'dist', 'cli', 'main.js');
}

/** Those that this package is tested with. */
function pinned(): string {
  const manifest = readFileSync(join(dirname(main), '..', '..', 'package.json'), 'utf8');
  const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> }; // cast: it has them
  const names = ['transport-node', 'jetstream', 'kv', 'obj'].map((name) => `@nats-io/${name}`);
  return names.map((name) => `${name}@${devDependencies[name]}`).join(' ');
}

function run(program: string, args: readonly string[]) {
  return ended(spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

test('without the packages for NATS - commands that connect say how to install them', async () => {
  const program = installed();
  for (const command of [['daemon', '--allow-source'], ['status']]) {
    expect(await run(program, [...command, '--url', 'nats://127.0.0.1:1'])).toEqual({
      ...{ code: 1, signal: null, stdout: '' },
      stderr: `error: the packages that connect to NATS are not installed here; install them with\n  npm install ${pinned()}\n`,
    });
  }
});

test('without the packages for NATS - help and launchers work', async () => {
  const program = installed();
  expect(await run(program, ['daemon', '--help'])).toMatchObject({ code: 0, stderr: '' });
  const launch = ['launch', 'local', '--url', 'nats://127.0.0.1:1', '--allow-source', '--dry-run'];
  expect(await run(program, launch)).toMatchObject({
    code: 0,
    stdout: `${process.execPath} ${program} daemon --url nats://127.0.0.1:1 --compute default --allow-source --json\n`,
  });
});
