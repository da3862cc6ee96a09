// Bundles test files so that they import the package by its name, and what they need of others from the bundle.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { aplusTexts } from './aplus-texts.mjs';
import { entries, openTelemetry3, root, sdks, tests } from './paths.mjs';
import { absentEverywhere, absentInBrowsers, absentInOpenTelemetry3 } from './rules.mjs';

const require = createRequire(import.meta.url);

/** Imported by name from the folder in which the bundles are, or through the import map of a page. */
const shared = new Set([
  'vitest',
  'zone.js',
  ...Object.values(entries),
  'otel-promise-domain-copy',
  '@opentelemetry/api',
]);

/** Not bundled for Node and its like: they load files of their own. */
const installed = new Set(['bluebird', 'knex', 'mongoose', 'sql.js']);

/** What the tests import of Node, in the form that a platform has. */
const builtIns = {
  node: { 'node:timers/promises': join(tests, 'engines/inside/timers.mjs') },
  browser: {
    'node:events': require.resolve('events/'),
    'node:timers/promises': join(tests, 'browsers/inside/timers.mjs'),
    'node:vm': join(tests, 'browsers/inside/realm.mjs'),
  },
};

const hooks = '@opentelemetry/context-async-hooks';
const inside = join(tests, 'engines/inside');
const requireInModules =
  "import { createRequire as requireOfBundle } from 'node:module'; const require = requireOfBundle(import.meta.url);";

/**
 * @param {object} target - `platform`: `node` or `browser`; `openTelemetry`: 2 or 3
 * @param {string[]} files - test files, from `test/`
 * @returns for each file that cannot run from the package what it imports of the sources
 */
export async function bundleTests({ platform, openTelemetry }, files, folder) {
  const { metafile } = await build({
    ...options(platform),
    absWorkingDir: root,
    entryPoints: [...files, 'engines/inside/aplus.mjs'].map((file) => join(tests, file)),
    outbase: tests,
    outdir: folder,
    metafile: true,
    plugins: [aplusTexts, substitutes(platform, openTelemetry)],
  });
  const internals = new Map();
  for (const { entryPoint, inputs } of Object.values(metafile.outputs)) {
    const of = Object.keys(inputs).find((input) => input.startsWith('internals:'));
    if (of) internals.set(relative('test', entryPoint), of.slice('internals:'.length));
  }
  return internals;
}

/** Bundles one module of this folder or a package into `outfile`; what the bundles share stays an import. */
export function bundleModule(entry, outfile, platform) {
  return build({
    ...options(platform),
    stdin: { contents: `export * from ${JSON.stringify(entry)};`, resolveDir: inside },
    outfile,
    external: [...shared].filter((name) => name !== entry),
  });
}

/** WebKit has no `Symbol.dispose`; the tests take what compiled `using` takes there, the package is left as it is. */
const disposeOfBrowsers = {
  define: { 'Symbol.dispose': 'symbolDispose' },
  inject: [join(tests, 'browsers/inside/dispose.mjs')],
};

function options(platform) {
  return {
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform,
    mainFields: platform === 'browser' ? ['browser', 'module', 'main'] : ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    ...(platform === 'browser' ? disposeOfBrowsers : {}),
    banner: platform === 'node' ? { js: requireInModules } : {},
    keepNames: true,
    logLevel: 'error',
  };
}

function substitutes(platform, openTelemetry) {
  const absent = {
    ...absentEverywhere,
    ...(platform === 'browser' ? absentInBrowsers : {}),
    ...(openTelemetry === 3 ? absentInOpenTelemetry3 : {}),
  };
  return {
    name: 'substitutes',
    setup(build) {
      build.onResolve({ filter: /./ }, (args) => {
        const { path, kind, importer } = args;
        if (kind === 'entry-point' || args.pluginData === 'as it is') return undefined;
        if (platform === 'browser' && path === hooks && importer.endsWith('/support/tracing.ts'))
          return { path: join(tests, 'browsers/inside/context-async-hooks.mjs') };
        const gone = Object.keys(absent).find((end) =>
          end.startsWith('/') ? path.endsWith(end) : path === end,
        );
        if (gone) return { path: gone, namespace: 'absent' };
        if (shared.has(path) || path === sdks[openTelemetry]) return { path, external: true };
        if (/^\.\.?\//.test(path)) return resolveSource(args);
        if (path in builtIns[platform] && importer !== builtIns[platform][path])
          return { path: builtIns[platform][path] };
        if (platform === 'node' && installed.has(path))
          return { path: import.meta.resolve(path), external: true };
        if (openTelemetry === 3 && path.startsWith('@opentelemetry/') && isTest(importer))
          return resolveOpenTelemetry3(build, args);
        return undefined;
      });
      build.onLoad({ filter: /./, namespace: 'absent' }, ({ path }) => {
        const { names, reason } = absent[path];
        const exported = names.map((name) => `export const ${name} = leftOut(${JSON.stringify(reason)});`);
        return { contents: `import { leftOut } from 'vitest';\n${exported.join('\n')}`, resolveDir: root };
      });
      build.onLoad({ filter: /./, namespace: 'internals' }, () => ({
        contents: 'module.exports = {};',
        loader: 'js',
      }));
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!isTest(path)) return undefined;
        return { contents: adapt(readFileSync(path, 'utf8'), path), loader: 'ts' };
      });
    },
  };
}

function isTest(path) {
  return path.startsWith(tests) && !path.includes('node_modules');
}

/** The entries of the sources are those of the package; what else is in the sources has no name from outside. */
function resolveSource({ path, resolveDir }) {
  const source = relative(join(root, 'src'), resolve(resolveDir, path));
  if (source.startsWith('..')) return undefined;
  if (source in entries) return { path: entries[source], external: true };
  return { path: `src/${source}`, namespace: 'internals' };
}

function resolveOpenTelemetry3(build, { path, kind }) {
  const instead = ['sdk-trace-base', 'sdk-trace-web'].includes(path.split('/')[1]);
  if (instead) return { path: join(inside, 'sdk-3.mjs') };
  return build.resolve(path, { kind, resolveDir: openTelemetry3, pluginData: 'as it is' });
}

/** What depends on where a file is, or on how vitest loads it. */
function adapt(source, path) {
  return source
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    .replace(
      /(vi\.resetModules\(\);[\s\S]*?import\()'\.\.\/\.\.\/src\/index\.js'/,
      "$1'otel-promise-domain-copy'",
    );
}
