// Puts the built package where the contenders import it by name from, beside the peers: as it will be installed, with
// one copy of the OpenTelemetry API for all.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const modules = new URL('node_modules/', import.meta.url);
const installed = new URL('otel-promise-domain/', modules);

export function installLibrary() {
  if (!existsSync(new URL('dist/mirai/index.js', root)))
    throw new Error('dist/mirai is missing: run `npm run build` first');
  rmSync(installed, { recursive: true, force: true });
  for (const part of ['package.json', 'dist']) {
    cpSync(new URL(part, root), new URL(part, installed), { recursive: true });
  }
}

/** The version of `name`, as the contenders import it. */
export function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), 'utf8')).version;
}
