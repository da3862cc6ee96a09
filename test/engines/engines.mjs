// The engines: what starts each of them, and with which versions of OpenTelemetry the suites run there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { engines as folder, openTelemetry3 } from './paths.mjs';

const node = (major, openTelemetry) => ({
  name: `Node ${major}`,
  id: 'node',
  program: `node-${major}/bin/node`,
  args: ['--disable-warning=ExperimentalWarning'],
  openTelemetry,
});

const all = [
  node(20, [2]),
  node(22, [2, 3]),
  node(24, [2, 3]),
  node(26, [2, 3]),
  {
    name: 'Bun',
    id: 'bun',
    program: '@oven/bun-linux-x64-baseline/bin/bun',
    args: ['--no-install'],
    openTelemetry: [2],
  },
  {
    name: 'Deno',
    id: 'deno',
    program: '@deno/linux-x64-glibc/deno',
    args: ['run', '--allow-all', '--no-config', '--no-lock', '--node-modules-dir=manual', '--no-remote'],
    openTelemetry: [2],
  },
];

/** One entry a version of OpenTelemetry that runs in an engine: `{ name, id, program, args, openTelemetry }`. */
export const engines = all.flatMap((engine) =>
  engine.openTelemetry.map((openTelemetry) => ({
    ...engine,
    program: join(folder, 'node_modules', engine.program),
    openTelemetry,
  })),
);

/** The command that installs the engine, `undefined` where it is there. */
export function missing({ program, openTelemetry }) {
  const there =
    existsSync(program) && (openTelemetry === 2 || existsSync(join(openTelemetry3, 'node_modules')));
  if (!there) return 'npm ci --prefix test/engines';
  // Builds of Node from 26 on need a library that a bare Debian does not have.
  const { stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return stderr.includes('libatomic.so.1') ? 'apt-get install --yes libatomic1' : undefined;
}

/** The engine's own version, such as `24.21.0`. */
export function versionOf({ program }) {
  const text = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return text.match(/\d+\.\d+\.\d+/)?.[0] ?? text.trim();
}
