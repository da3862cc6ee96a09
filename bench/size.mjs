// What does a page download? Minified and gzipped, in two ways: as a file of its own that leaves the OpenTelemetry API
// out, and as what is added to a bundle that has the API, where the compression of the one helps the other.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { table, verdict } from './stats.mjs';

const API = '@opentelemetry/api';
const LIMIT_BYTES = 2500;

/** What the core entry and the context manager use of the API. */
const apiInUse = `export { context, diag, isSpanContextValid, ROOT_CONTEXT, SpanStatusCode, trace } from '${API}';`;

const contents = {
  'core entry of this library': "export * from 'otel-promise-domain';",
  'zone.js': "import 'zone.js';",
  'zone.js and its context manager':
    "import 'zone.js'; export * from '@opentelemetry/context-zone-peer-dep';",
};

export async function sizes() {
  const apiAlone = await weigh(apiInUse);
  const measured = [];
  for (const [name, source] of Object.entries(contents)) {
    const alone = await weigh(source, [API]);
    const added = (await weigh(source + apiInUse)) - apiAlone;
    measured.push({ name, alone, added });
  }
  const [core] = measured;
  return {
    table: table(
      [
        'B minified and gzipped',
        'file of its own, API external',
        '× core entry',
        'added to a bundle with the API',
      ],
      measured.map(({ name, alone, added }) => [name, alone, (alone / core.alone).toFixed(1), added]),
    ),
    targets: [
      [
        'minified and gzipped, a file of its own, API external',
        `at most ${LIMIT_BYTES} B`,
        `${core.alone} B`,
        verdict(core.alone <= LIMIT_BYTES),
      ],
      ['minified and gzipped, added to a bundle with the API', '', `${core.added} B`, ''],
    ],
  };
}

/** Bytes of a bundle of `source`, minified and gzipped. */
async function weigh(source, external = []) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
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
