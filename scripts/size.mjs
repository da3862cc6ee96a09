// Prints what the core entry adds to a page, the OpenTelemetry API left out, and fails above the limit.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT_BYTES = 2500;

const { outputFiles } = await build({
  entryPoints: ['dist/index.js'],
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  external: ['@opentelemetry/api'],
  legalComments: 'none',
});
const minified = outputFiles[0].contents;
const gzipped = gzipSync(minified, { level: 9 }).byteLength;

console.log(`core entry: ${minified.byteLength} B minified, ${gzipped} B gzipped (limit ${LIMIT_BYTES} B)`);
if (gzipped > LIMIT_BYTES) {
  console.error(`core entry is ${gzipped - LIMIT_BYTES} B over the limit`);
  process.exitCode = 1;
}
