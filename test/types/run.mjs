// Compiles the consumer files beside this script against the packed declarations, under every supported TypeScript.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILERS = {
  5.7: 'typescript-5.7',
  5.9: 'typescript-5.9',
  '6.0': 'typescript',
  '7.0': 'typescript-7.0',
};

const COMPILER_OPTIONS = {
  target: 'es2022',
  lib: ['es2022'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
};

// The declarations of `@opentelemetry/api` mention `typeof console.log`; every runtime's types bring that, a bare `lib` does not.
const AMBIENT = 'declare const console: { log(...data: unknown[]): void };\n';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const modules = join(root, 'node_modules');
const { name } = readJson(join(root, 'package.json'));

const consumers = readdirSync(here).filter((file) => /\.m?ts$/.test(file));
if (consumers.length === 0) throw new Error(`no consumer files in ${here}`);
if (!existsSync(join(root, 'dist/index.d.ts'))) throw new Error('dist/index.d.ts is missing: build first');

const folder = mkdtempSync(join(tmpdir(), 'types-'));
try {
  layOutConsumer();
  const failed = Object.entries(COMPILERS).filter(([version, alias]) => !compile(version, alias));
  if (failed.length > 0) {
    console.error(
      `declarations do not compile under TypeScript ${failed.map(([version]) => version).join(', ')}`,
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A project in a temporary folder that has the packed package and its peer installed, and nothing else. */
function layOutConsumer() {
  const packed = join(folder, 'node_modules', name);
  mkdirSync(packed, { recursive: true });
  const tarball = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
  );
  run('tar', ['-xzf', join(folder, tarball[0].filename), '-C', packed, '--strip-components=1'], folder);
  cpSync(join(modules, '@opentelemetry/api'), join(folder, 'node_modules/@opentelemetry/api'), {
    recursive: true,
  });
  for (const file of consumers) cpSync(join(here, file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'ambient.d.ts'), AMBIENT);
  const files = ['ambient.d.ts', ...consumers];
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
}

function compile(version, alias) {
  const installed = readJson(join(modules, alias, 'package.json')).version;
  if (!installed.startsWith(`${version}.`))
    throw new Error(`${alias} is TypeScript ${installed}, expected ${version}`);

  const tsc = join(modules, alias, 'bin/tsc');
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tsc, '-p', folder, '--listFiles'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  // Proof that the compiler read the packed declarations: without it, a resolution that falls back to `any` would pass.
  const readPacked = stdout.includes(`/node_modules/${name}/dist/index.d.ts`);
  const passed = status === 0 && readPacked;
  console.log(`${passed ? 'ok  ' : 'FAIL'} TypeScript ${installed}: ${consumers.join(', ')}`);
  if (!passed) {
    console.error(
      stdout
        .split('\n')
        .filter((line) => line.trim() !== '' && !/^\S+\.ts$/.test(line.trim()))
        .join('\n'),
    );
    console.error(stderr);
    if (!readPacked) console.error(`the declarations of ${name} were not read`);
  }
  return passed;
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} exited with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
