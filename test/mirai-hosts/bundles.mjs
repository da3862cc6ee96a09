import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import { build as buildByVite } from 'vite';
import webpack from 'webpack';

/**
 * The program in `esm`, bundled with all packages into a file for the host and one for the tasks, each bundle in a folder of
 * its own in `moved`; and one without the packages, in the project.
 */
export async function bundle({ installed, moved }) {
  const source = join(installed, 'esm');
  const entries = { host: join(source, 'host.js'), tasks: join(source, 'tasks.js') };
  const asCommonJs = { ...entries, host: join(source, 'host.cjs') };
  const bundlers = {
    'esbuild to ESM, names kept': (outdir) =>
      byEsbuild({ entryPoints: entries, outdir, format: 'esm', keepNames: true, banner: { js: REQUIRE } }),
    'esbuild to ESM, minified': (outdir) =>
      byEsbuild({ entryPoints: entries, outdir, format: 'esm', minify: true, banner: { js: REQUIRE } }),
    'esbuild to CommonJS, minified': (outdir) =>
      byEsbuild({ entryPoints: asCommonJs, outdir, format: 'cjs', minify: true }),
    'esbuild to CommonJS, without import()': (outdir) =>
      byEsbuild({ entryPoints: asCommonJs, outdir, format: 'cjs', supported: { 'dynamic-import': false } }),
    Rollup: (dir) => byRollup(entries, dir),
    'Vite for servers, minified': (outDir) =>
      byVite(source, outDir, {
        build: { ssr: true, minify: true, rollupOptions: { input: entries } },
        ssr: { noExternal: true },
      }),
    webpack: (path) => byWebpack(source, path),
  };
  const bundles = [];
  for (const [at, [name, make]] of Object.entries(bundlers).entries()) {
    const folder = join(moved, String(at));
    const type = name.includes('CommonJS') ? 'commonjs' : 'module';
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    await make(folder);
    bundles.push({ name, folder, file: 'host.js' });
  }
  const folder = join(installed, 'library');
  await byVite(source, folder, {
    build: { lib: { entry: entries, formats: ['es'] }, rollupOptions: { external: /^(node:|[@\w])/ } },
  });
  return [...bundles, { name: 'Vite as a library', folder, file: 'host.js' }];
}

/** What esbuild needs in ECMAScript modules, where a package in CommonJS loads a module of Node. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

const byEsbuild = (options) =>
  esbuild.build({ bundle: true, platform: 'node', target: 'node20', logLevel: 'error', ...options });

async function byRollup(input, dir) {
  const bundle = await rollup({
    input,
    external: /^node:/,
    plugins: [nodeResolve({ exportConditions: ['node'], preferBuiltins: true }), commonjs()],
    onwarn(warning) {
      throw new Error(warning.message);
    },
  });
  await bundle.write({ dir, format: 'es' });
  await bundle.close();
}

const byVite = (root, outDir, { build, ...settings }) =>
  buildByVite({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: false, ...build },
    ...settings,
  });

async function byWebpack(context, path) {
  const stats = await promisify(webpack)({
    context,
    mode: 'production',
    target: 'node20',
    entry: { host: './host.js', tasks: './tasks.js' },
    experiments: { outputModule: true },
    output: { path, module: true, chunkFormat: 'module', filename: '[name].js', library: { type: 'module' } },
    // What is imported where a task runs, and where the tasks are, is no business of the bundle.
    module: { parser: { javascript: { import: false, url: false } } },
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString('errors-warnings'));
}
