import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { rspack } from '@rspack/core';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import webpack from 'webpack';
import plugin from '../../src/unplugin/index.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
let root: string;
let entry: string;

/** A project of its own, with the fixture and with this library as a package. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'otel-promise-domain-'));
  entry = join(root, 'main.tsx');
  await cp(join(repository, 'test/unplugin/fixture'), root, { recursive: true });
  const packages = join(root, 'node_modules');
  await mkdir(join(packages, 'otel-promise-domain'), { recursive: true });
  await symlink(join(repository, 'node_modules/@opentelemetry'), join(packages, '@opentelemetry'));
  await writeFile(join(root, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(
    join(packages, 'otel-promise-domain/package.json'),
    JSON.stringify({
      name: 'otel-promise-domain',
      type: 'module',
      exports: { '.': './index.js', './unplugin/runtime': './unplugin/runtime.js' },
    }),
  );
  await esbuild.build({
    entryPoints: ['src/index.ts', 'src/unplugin/runtime.ts'].map((file) => join(repository, file)),
    outdir: join(packages, 'otel-promise-domain'),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    external: ['@opentelemetry/api'],
  });
  // webpack comes without a loader for TypeScript.
  await writeFile(
    join(root, 'typescript-loader.cjs'),
    `module.exports = function (code, map) {
       const { transformSync } = require(${JSON.stringify(join(repository, 'node_modules/esbuild'))});
       const sourcefile = this.resourcePath;
       if (map) code += '\\n//# sourceMappingURL=data:application/json;base64,' + Buffer.from(JSON.stringify(map)).toString('base64');
       const loader = /x$/.test(sourcefile) ? 'tsx' : 'ts';
       const result = transformSync(code, { loader, jsxFactory: 'h', target: 'es2022', sourcemap: 'external', sourcefile });
       this.callback(null, result.code, result.map);
     };`,
  );
});

afterAll(() => rm(root, { recursive: true }));

/** What each bundler makes of the fixture: writes `file`, and its map beside it. */
const bundlers: Record<string, (file: string) => Promise<unknown>> = {
  Vite: (file) =>
    viteBuild({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [plugin.vite()],
      ssr: { noExternal: true },
      oxc: { jsx: { runtime: 'classic', pragma: 'h', development: false } },
      build: {
        ssr: entry,
        target: 'es2022',
        sourcemap: true,
        outDir: join(root, file, '..'),
        rolldownOptions: { output: { entryFileNames: 'main.mjs' } },
        minify: false,
      },
    }),
  async Rollup(file) {
    const bundle = await rollup({
      input: entry,
      external: ['@opentelemetry/api', /^otel-promise-domain/],
      plugins: [plugin.rollup(), strippingTypes],
    });
    await bundle.write({ file: join(root, file), format: 'es', sourcemap: true });
  },
  async Rolldown(file) {
    const bundle = await rolldown({
      input: entry,
      platform: 'node',
      transform: { target: 'es2022', jsx: { runtime: 'classic', pragma: 'h', development: false } },
      plugins: [plugin.rolldown()],
    });
    await bundle.write({ file: join(root, file), format: 'es', sourcemap: true });
  },
  esbuild: (file) =>
    esbuild.build({
      entryPoints: [entry],
      outfile: join(root, file),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'es2022',
      jsxFactory: 'h',
      sourcemap: true,
      plugins: [plugin.esbuild()],
    }),
  webpack: (file) =>
    new Promise((resolve, reject) => {
      webpack(
        {
          ...webpackLike(file, { loader: join(root, 'typescript-loader.cjs') }),
          experiments: { outputModule: true },
          plugins: [plugin.webpack()],
        },
        (error, stats) => (error || stats?.hasErrors() ? reject(error ?? stats?.toString()) : resolve(stats)),
      );
    }),
  Rspack: (file) =>
    new Promise((resolve, reject) => {
      const parser = { syntax: 'typescript', tsx: true, explicitResourceManagement: true };
      const transform = { react: { runtime: 'classic', pragma: 'h', development: false } };
      const options = { jsc: { parser, transform, target: 'es2022' } };
      rspack(
        { ...webpackLike(file, { loader: 'builtin:swc-loader', options }), plugins: [plugin.rspack()] },
        (error, stats) => (error || stats?.hasErrors() ? reject(error ?? stats?.toString()) : resolve(stats)),
      );
    }),
};

/** What webpack and Rspack are configured with alike. */
function webpackLike(file: string, use: { loader: string; options?: Record<string, unknown> }) {
  return {
    mode: 'development' as const,
    devtool: 'source-map' as const,
    target: 'node20' as const,
    context: root,
    entry,
    output: {
      path: join(root, file, '..'),
      filename: 'main.mjs',
      module: true,
      library: { type: 'module' },
      chunkFormat: 'module' as const,
    },
    resolve: { extensions: ['.ts', '.tsx', '.js'] },
    module: { rules: [{ test: /\.tsx?$/, use: [use] }] },
  };
}

/** A plugin of Rollup after which there is no TypeScript left. */
const strippingTypes = {
  name: 'stripping-types',
  resolveId: (id: string, importer: string | undefined) =>
    id === './steps' && importer ? join(root, 'steps.ts') : null,
  transform(code: string, id: string) {
    return esbuild.transform(code, {
      loader: id.endsWith('x') ? 'tsx' : 'ts',
      jsxFactory: 'h',
      target: 'es2022',
      sourcemap: 'external',
      sourcefile: id,
    });
  },
};

test.each(Object.keys(bundlers))(
  '%s builds code that keeps its contexts, with source maps',
  async (name) => {
    const file = `${name}/main.mjs`;
    await bundlers[name]?.(file);
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, file)]);
    expect(JSON.parse(stdout)).toEqual([
      'top level top',
      'JSX top {"title":"title","children":["child"]}',
      'await 1 A',
      'for await a A',
      'for await b A',
      'generator G',
      'consumer 2 A',
      'consumer 3 A',
      'generator G',
      'block resource A',
      'disposer resource A',
      'after the block A',
      'after top',
    ]);

    const code = await readFile(join(root, file), 'utf8');
    const map = new TraceMap(await readFile(join(root, `${file}.map`), 'utf8'));
    const source = await readFile(join(root, 'steps.ts'), 'utf8');
    expect(positionsOf(code, 'markedOperand').map((position) => originalOf(map, position))).toEqual(
      positionsOf(source, 'markedOperand').map((position) => ['steps.ts', position]),
    );
  },
  60_000,
);

test('the helpers alone keep the context of a foreign manager that can attach', async () => {
  const file = join(root, 'foreign.mjs');
  await writeFile(
    file,
    `import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
     import { awaited } from 'otel-promise-domain/unplugin/runtime';
     let active = ROOT_CONTEXT;
     const attach = (next) => {
       const before = active;
       active = next;
       return { dispose() { active = before; } };
     };
     context.setGlobalContextManager({
       attach, active: () => active, disable() {},
       with(next, fn) { const token = attach(next); try { return fn(); } finally { token.dispose(); } },
     });
     const key = createContextKey('name');
     await context.with(ROOT_CONTEXT.setValue(key, 'A'), async () => {
       await awaited(new Promise((resolve) => setTimeout(resolve)));
       console.log(context.active().getValue(key));
     });
     console.log(context.active().getValue(key));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  expect(stdout).toBe('A\nundefined\n');
});

type Position = { line: number; column: number };

function positionsOf(code: string, word: string): Position[] {
  return code
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(new RegExp(word, 'g'))].map(({ index: column }) => ({ line: index + 1, column })),
    );
}

function originalOf(map: TraceMap, position: Position) {
  const { source, line, column } = originalPositionFor(map, position);
  return [source?.replace(/^.*[\\/]/, '').replace(/\?.*$/, ''), { line, column }];
}
