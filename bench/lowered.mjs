// Async functions compiled to generators, the only form that zone.js follows.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Options of esbuild. */
export const loweredAsync = {
  supported: { 'async-await': false, 'async-generator': false, 'for-await': false },
};

/** Compiles the awaits that are measured, before the processes that measure them start. */
export function installLoweredProgram() {
  const { outputFiles } = buildSync({
    entryPoints: [here('await-program.mjs')],
    format: 'esm',
    write: false,
    ...loweredAsync,
  });
  mkdirSync(here('node_modules/lowered/'), { recursive: true });
  writeFileSync(here('node_modules/lowered/await-program.mjs'), outputFiles[0].contents);
}
