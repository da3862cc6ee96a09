// The scripts of the pages: one as it is written, one with its async functions compiled.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { loweredAsync } from '../lowered.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @returns {Promise<{ plain: string, lowered: string }>} */
export async function bundlePages() {
  return { plain: await bundle({}), lowered: await bundle(loweredAsync) };
}

async function bundle(options) {
  const { outputFiles } = await build({
    stdin: { contents: wrapped, resolveDir: here('.') },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    external: ['@opentelemetry/context-async-hooks'], // of a case that only Node measures
    legalComments: 'none',
    plugins: [{ name: 'await programs', setup: useOwnPrograms }],
    ...options,
  });
  return outputFiles[0].text;
}

const wrapped = "import { start } from './page.mjs'; start();";

function useOwnPrograms({ onResolve }) {
  onResolve({ filter: /^\.\/await-programs\.mjs$/ }, () => ({ path: here('await-programs.mjs') }));
}
