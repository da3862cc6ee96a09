import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Where a package of this folder is. */
export const toolOf = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));

export const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const SOURCES = ['host', 'program', 'report', 'tasks'];

for (const [needed, command] of [
  [join(root, 'dist/mirai/index.js'), 'npm run build'],
  [
    fileURLToPath(new URL('node_modules/tsx/package.json', import.meta.url)),
    'npm ci --prefix test/mirai-hosts',
  ],
]) {
  if (!existsSync(needed)) throw new Error(`Something is missing, run this first: ${command}`);
}

/**
 * A project in a temporary folder in which the packed package is installed, as from the registry, and the program in it:
 * `ts`, `esm` and `cjs` hold it in TypeScript, in ECMAScript modules, and compiled to CommonJS. `moved` has no packages.
 */
export async function stage() {
  const folder = mkdtempSync(join(tmpdir(), 'mirai-hosts-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const installed = join(folder, 'project');
    const moved = join(folder, 'moved');
    mkdirSync(installed);
    mkdirSync(moved);
    refusePackages(moved);
    cpSync(join(fixtures, 'package.json'), join(installed, 'package.json'));
    const [{ filename }] = JSON.parse(
      run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
    );
    const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];
    run('npm', ['install', ...flags, join(folder, filename)], installed);
    for (const name of ['vitest', '@types/node']) link(join(root, 'node_modules', name), name, installed);
    link(toolOf('tsx'), 'tsx', installed);
    layOut(installed);
    return { installed, moved, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What is bundled must not find packages in a folder above. */
function refusePackages(folder) {
  for (const name of ['otel-promise-domain', '@opentelemetry/api']) {
    try {
      createRequire(join(folder, 'any.js')).resolve(name);
    } catch {
      continue;
    }
    throw new Error(`${folder} is below a folder that has ${name} installed: set TMPDIR to another`);
  }
}

/** For the tools of a project it does not matter that they are elsewhere. */
function link(source, name, installed) {
  const target = join(installed, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(source, target);
}

function layOut(installed) {
  for (const kind of ['ts', 'esm', 'cjs', 'test']) mkdirSync(join(installed, kind));
  writeFileSync(join(installed, 'cjs/package.json'), JSON.stringify({ type: 'commonjs' }));
  for (const name of SOURCES) {
    const source = readFileSync(join(fixtures, `${name}.ts`), 'utf8');
    writeFileSync(join(installed, 'ts', `${name}.ts`), source);
    writeFileSync(join(installed, 'esm', `${name}.js`), compile(source, ts.ModuleKind.ESNext));
    // It has `import.meta` and awaits at its top level.
    if (name !== 'host')
      writeFileSync(join(installed, 'cjs', `${name}.js`), compile(source, ts.ModuleKind.CommonJS));
  }
  for (const kind of ['esm', 'cjs']) cpSync(join(fixtures, 'host.cjs'), join(installed, kind, 'host.cjs'));
  for (const file of ['tsconfig.json', 'register-tsx.mjs'])
    cpSync(join(fixtures, file), join(installed, 'ts', file));
  for (const file of ['check.mjs', 'program.ts', 'report.ts'])
    cpSync(join(fixtures, file), join(installed, 'test', file));
  cpSync(join(fixtures, 'vitest-suite.ts'), join(installed, 'test/hosts.test.ts'));
  cpSync(join(installed, 'esm/tasks.js'), join(installed, 'test/tasks.mjs'));
}

/** The same source in JavaScript, with `.js` for `.ts` where it names other files. */
function compile(source, module) {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  return outputText.replace(/(['"]\.\/\w+)\.ts(['"])/g, '$1.js$2');
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} exited with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}
