import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * Bytes of a bundle of `source` as a page downloads it, minified and gzipped.
 *
 * @param {string[]} external - packages to leave out
 * @param {URL} folder - from where its imports are resolved; default: the root of the repository
 */
export async function weigh(source, external = [], folder = new URL('..', import.meta.url)) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(folder) },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    external,
    legalComments: 'none',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).byteLength;
}
