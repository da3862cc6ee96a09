// A folder that holds the package as npm would install it, and beside it the bundled tests that import it by its name.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { temporaryFolder } from '../support/processes.mjs';
import { bundleModule, bundleTests } from './bundle.mjs';
import { engines, openTelemetry3, root, sdks, testFiles, tests } from './paths.mjs';

const NAME = 'otel-promise-domain';
const API = '@opentelemetry/api';

/**
 * Packs the package into a new folder, and bundles every test file for `targets`.
 *
 * @param {{ platform: 'node' | 'browser', openTelemetry: 2 | 3 }[]} targets
 * @returns `folders`, one a target in their order; `files` as `{ file, suite }`; `notes` on what does not run;
 * `remove()`
 */
export async function prepare(targets) {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist/ is missing, build it: npm run build');
  const { path, remove } = temporaryFolder('otel-promise-domain-');
  const { running, others } = testFiles();
  const tarball = pack(path);
  const internals = new Map();
  const folders = [];
  for (const target of targets) {
    const folder = join(path, `${target.platform}-opentelemetry-${target.openTelemetry}`);
    folders.push(folder);
    install(tarball, folder, target);
    await bundleShared(folder, target);
    const files = running.map(({ file }) => file);
    const found = await bundleTests(target, files, join(folder, 'tests'));
    for (const [file, source] of found) internals.set(file, source);
  }
  return {
    folders,
    files: running.filter(({ file }) => !internals.has(file)),
    notes: notesOn(others, internals),
    remove,
  };
}

/** A folder with the package and what it needs to run tasks, and the API and the SDK of that version of OpenTelemetry. */
export function prepareMirai(openTelemetry) {
  const { path: folder, remove } = temporaryFolder('otel-promise-domain-mirai-');
  install(pack(folder), folder, { platform: 'node', openTelemetry });
  for (const name of ['pure-rand', 'cli-progress', 'valibot', '@nats-io/transport-node'])
    copyPackage(name, root, folder);
  for (const name of ['jetstream', 'kv', 'obj']) copyPackage(`@nats-io/${name}`, root, folder);
  return { folder, remove };
}

function pack(folder) {
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, options));
  return join(folder, filename);
}

/** The package twice, as a program has it in which two others depend on it, and the one API and SDK that both share. */
function install(tarball, folder, { platform, openTelemetry }) {
  for (const name of [NAME, `${NAME}-copy`]) {
    const target = join(folder, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
  }
  const from = openTelemetry === 3 ? openTelemetry3 : root;
  copyPackage(API, from, folder);
  if (platform === 'node') copyPackage(sdks[openTelemetry], from, folder);
  for (const name of Object.values(sdks)) hidePackage(name, folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
}

/** With what it depends on. */
function copyPackage(name, from, folder) {
  const path = join('node_modules', name);
  if (existsSync(join(folder, path))) return;
  cpSync(join(from, path), join(folder, path), { recursive: true });
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, path, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) copyPackage(dependency, from, folder);
}

/** One that is not installed here must not be found in a folder above this one either. */
function hidePackage(name, folder) {
  const path = join(folder, 'node_modules', name);
  if (existsSync(path)) return;
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'package.json'), '{ "exports": {} }\n');
}

async function bundleShared(folder, { platform, openTelemetry }) {
  const inside = join(engines, 'inside');
  const modules = [
    [join(inside, 'vitest.mjs'), 'node_modules/vitest/index.mjs'],
    ['zone.js', 'node_modules/zone.js/index.mjs'],
    ...(platform === 'browser' ? [API, sdks[openTelemetry]] : []).map((name) => [
      name,
      `node_modules/${name}/index.mjs`,
    ]),
  ];
  for (const [entry, file] of modules) {
    const outfile = join(folder, file);
    await bundleModule(entry, outfile, platform);
    if (entry === API) continue;
    const manifest = { type: 'module', exports: './index.mjs' };
    writeFileSync(join(dirname(outfile), 'package.json'), `${JSON.stringify(manifest)}\n`);
  }
  const started = {
    node: [join(inside, 'main.mjs')],
    browser: ['globals.js', 'page.mjs'].map((name) => join(tests, 'browsers/inside', name)),
  };
  for (const file of [join(inside, 'run-file.mjs'), ...started[platform]])
    cpSync(file, join(folder, basename(file)));
}

/** Every test file that does not run, and why. */
function notesOn(others, internals) {
  const folders = new Set(others.map((file) => file.split('/')[0]));
  return [
    ...[...folders].map((name) => `test/${name} runs with vitest alone: it is no suite of the core entry`),
    ...[...internals].map(([file, source]) => `test/${file} runs with vitest alone: it imports ${source}`),
  ];
}
