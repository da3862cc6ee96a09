import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const COMPILERS = {
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
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const modules = join(root, 'node_modules');
const { name } = readJson(join(root, 'package.json'));

/**
 * A project in a temporary folder that has the packed package and `packages` installed, and nothing else.
 *
 * @param {{ files: string[], packages: string[] }} options - files by their paths from the folder of tests
 */
export function layOutConsumer({ files, packages }) {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  const packed = join(folder, 'node_modules', name);
  mkdirSync(packed, { recursive: true });
  const tarball = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
  );
  run('tar', ['-xzf', join(folder, tarball[0].filename), '-C', packed, '--strip-components=1'], folder);
  for (const name of packages)
    cpSync(join(modules, name), join(folder, 'node_modules', name), { recursive: true });
  for (const file of files) cpSync(join(root, 'test', file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * What a compiler says of the project in `folder`; nothing, where all is well.
 *
 * @param {string} declarations - path in the package of a file that must have been read; without that proof, a resolution
 *   that falls back to `any` would pass
 */
export function compile(folder, version, declarations) {
  const alias = COMPILERS[version];
  const installed = readJson(join(modules, alias, 'package.json')).version;
  if (!installed.startsWith(`${version}.`)) return [`${alias} is TypeScript ${installed}, not ${version}`];
  const tsc = join(modules, alias, 'bin/tsc');
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tsc, '-p', folder, '--listFiles'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  const faults = [];
  if (!stdout.includes(`/node_modules/${name}/${declarations}`)) faults.push(`${declarations} was not read`);
  if (status !== 0) faults.push(...stdout.split('\n').filter(isMessage), stderr);
  return faults;
}

const isMessage = (line) => line.trim() !== '' && !/^\S+\.ts$/.test(line.trim());

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
