// Puts the built package where the questions import it by name from, beside the peers: as it will be installed, with
// one copy of the OpenTelemetry API for all.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const installed = new URL('node_modules/otel-promise-domain/', import.meta.url);

export function installLibrary() {
  if (!existsSync(new URL('dist/index.js', root)))
    throw new Error('dist is missing: run `npm run build` first');
  rmSync(installed, { recursive: true, force: true });
  for (const part of ['package.json', 'dist']) {
    cpSync(new URL(part, root), new URL(part, installed), { recursive: true });
  }
}

/** The version of `name`, as the questions import it. */
export function versionOf(name) {
  for (const modules of [new URL('node_modules/', import.meta.url), new URL('node_modules/', root)]) {
    const manifest = new URL(`${name}/package.json`, modules);
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).version;
  }
  throw new Error(`${name} is not installed`);
}

/** The runtimes to measure: this one where it is of that version, else the one that `npm ci` brings. */
export function runtimes(majors) {
  const found = [];
  for (const major of majors) {
    const binary = fileURLToPath(new URL(`node_modules/node-${major}/bin/node`, import.meta.url));
    if (process.versions.node.startsWith(`${major}.`)) found.push({ major, binary: process.execPath });
    else if (existsSync(binary)) found.push({ major, binary });
  }
  return found;
}
