// Where things are in the repository.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suites } from './rules.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const tests = join(root, 'test');
export const engines = join(tests, 'engines');
export const openTelemetry3 = join(engines, 'opentelemetry-3');

/** The entries of the package that run everywhere: by the file of `src/` that a test imports, its name. */
export const entries = {
  'index.js': 'otel-promise-domain',
  'testing/index.js': 'otel-promise-domain/testing',
  'testing/vitest.js': 'otel-promise-domain/testing/vitest',
};

/** The tracing SDK by the version of OpenTelemetry; while it records, the package imports it by this name. */
export const sdks = { 2: '@opentelemetry/sdk-trace-base', 3: '@opentelemetry/sdk-trace' };

const ownFolders = new Set(['engines', 'browsers', 'support']);

/** Those of `names` that the command line asks for, all where it names none. */
export function chosenOf(names) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown) throw new TypeError(`the names are ${names.join(', ')} (got ${unknown})`);
  return new Set(wanted.length === 0 ? names : wanted);
}

/**
 * The test files that run here, as `{ file, suite }` with paths from `test/`, and those that do not, sorted.
 */
export function testFiles() {
  const running = [];
  const others = [];
  for (const file of filesIn('')) {
    const suite = Object.keys(suites).find((name) => suites[name].includes(file.split('/')[0]));
    if (suite) running.push({ file, suite });
    else others.push(file);
  }
  return { running, others };
}

function filesIn(folder) {
  const entries = readdirSync(join(tests, folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => name !== 'node_modules' && !(folder === '' && ownFolders.has(name)))
    .flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return filesIn(path);
      return path.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}
