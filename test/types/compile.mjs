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
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
};

// The declarations of `@opentelemetry/api` mention `typeof console.log`; every runtime's types bring that, a bare `lib` does not.
const AMBIENT = 'declare const console: { log(...data: unknown[]): void };\n';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const modules = join(root, 'node_modules');
const { name } = readJson(join(root, 'package.json'));

/**
 * Compiles the consumer files of a folder against the packed declarations, under every supported TypeScript.
 *
 * @param {object} options
 * @param {string} options.folder - of `test`, whose `.ts` files are the consumers
 * @param {string[]} options.also - further files, by their paths from `test`
 * @param {string} options.declarations - path in the package of those that must have been read; without that proof, a
 *   resolution that falls back to `any` would pass
 * @param {string[]} options.packages - what is installed beside the package
 * @param {string[]} options.types - those of them that declare globals
 */
export function checkDeclarations({ folder, also = [], declarations, packages, types }) {
  const own = readdirSync(join(root, 'test', folder)).filter((file) => /\.m?ts$/.test(file));
  if (own.length === 0) throw new Error(`no consumer files in test/${folder}`);
  if (!existsSync(join(root, declarations))) throw new Error(`${declarations} is missing: build first`);
  const files = [...also, ...own.map((file) => `${folder}/${file}`)];
  const project = layOutConsumer(files, packages, types);
  try {
    for (const version of Object.keys(COMPILERS).sort()) {
      const faults = compile(project, version, declarations);
      console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} TypeScript ${version}: ${own.join(', ')}`);
      for (const fault of faults) console.error(fault);
      if (faults.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** A project in a temporary folder that has the packed package and `packages` installed, and nothing else. */
function layOutConsumer(files, packages, types) {
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
  if (types.length === 0) writeFileSync(join(folder, 'ambient.d.ts'), AMBIENT);
  const compilerOptions = { ...COMPILER_OPTIONS, types };
  const config = { compilerOptions, files: types.length === 0 ? ['ambient.d.ts', ...files] : files };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return folder;
}

/** What a compiler says of the project in `folder`; nothing, where all is well. */
function compile(folder, version, declarations) {
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
