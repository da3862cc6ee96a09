import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { describe, expect, test } from 'vitest';
import plugin, * as named from '../../src/unplugin/index.js';

type Options = named.AwaitPluginOptions;

/** Whether the plugin transforms a module of this id, under Rollup. */
function transforms(id: string, options?: Options, code = 'async () => await 1'): boolean {
  const { transform } = plugin.rollup(options);
  if (typeof transform !== 'object') throw new Error('the hook is an object');
  // Reason for the cast: of the context of a plugin, the hook only asks for the versions.
  const call = transform.handler as unknown as (this: object, code: string, id: string) => unknown;
  return call.call({ meta: { rollupVersion: '4.0.0' } }, code, id) !== undefined;
}

describe('the plugin', () => {
  test.each(['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'vue', 'svelte'])(
    'transforms .%s',
    (extension) => {
      expect(transforms(`/app/a.${extension}`)).toBe(true);
      expect(transforms(`/app/a.${extension}?v=1`)).toBe(true);
    },
  );

  test.each([
    ['packages', '/app/node_modules/a/index.js'],
    ['packages on Windows', 'C:\\app\\node_modules\\a\\index.js'],
    ['virtual modules', '\0virtual.js'],
    ['helpers of other plugins', '/app/a.js?\0commonjs-proxy'],
    ['style sheets', '/app/a.css'],
    ['JSON', '/app/a.json'],
    ['what has no extension', '/app/a'],
    ['this library', fileURLToPath(new URL('../../src/unplugin/runtime/operand.ts', import.meta.url))],
  ])('leaves %s alone', (_what, id) => {
    expect(transforms(id)).toBe(false);
  });

  test('leaves code alone that awaits nothing', () => {
    expect(transforms('/app/a.js', {}, 'export const a = 1')).toBe(false);
    expect(transforms('/app/a.js', {}, 'export const a = async () => b()')).toBe(false);
  });

  test('includes and excludes by globs, regular expressions and arrays', () => {
    expect(transforms('/app/src/a.js', { include: '/app/src/**' })).toBe(true);
    expect(transforms('/app/test/a.js', { include: '/app/src/**' })).toBe(false);
    expect(transforms('/app/a.es6', { include: [/\.js$/, '**/*.es6'] })).toBe(true);
    expect(transforms('/app/src/a.js', { exclude: '/app/src/**' })).toBe(false);
    expect(transforms('/app/src/a.js', { exclude: [/a\.js$/] })).toBe(false);
    expect(transforms('/app/node_modules/a/a.js', { exclude: [] })).toBe(true);
    expect(transforms('/app/node_modules/a/a.js', { include: /a\.js$/ })).toBe(false);
    expect(transforms(`${process.cwd()}/app/a.js`, { include: 'app/*.js' })).toBe(true);
  });

  test('is the same by its name and by default', () => {
    expect({ ...plugin }).toEqual(
      Object.fromEntries(Object.keys(plugin).map((key) => [key, Reflect.get(named, key)])),
    );
    expect(Object.keys(plugin).sort()).toEqual([
      'esbuild',
      'rolldown',
      'rollup',
      'rspack',
      'vite',
      'webpack',
    ]);
  });

  test('comes last in Vite, where TypeScript has been stripped by then', () => {
    expect(plugin.vite()).toMatchObject({ name: 'otel-promise-domain', enforce: 'post' });
  });

  test.each([
    [null, 'options must be an object (got null)'],
    [[], 'options must be an object (got array)'],
    [{ include: 1 }, 'options.include must be a glob, a RegExp or an array of them (got 1)'],
    [{ include: ['a', {}] }, 'options.include must be a glob, a RegExp or an array of them (got object)'],
    [{ exclude: false }, 'options.exclude must be a glob, a RegExp or an array of them (got false)'],
  ])('throws a TypeError for the options %j', (options, message) => {
    // Reason for the cast: it is called as JavaScript may call it.
    const bad = options as unknown as Options;
    const error = new TypeError(`otel-promise-domain/unplugin: ${message}`);
    for (const make of [plugin.vite, plugin.rollup, plugin.rolldown, plugin.esbuild])
      expect(() => make(bad)).toThrow(error);
  });

  test('leaves a syntax error to the bundler, which reports where it is', async () => {
    const result = build({
      stdin: { contents: 'import "./broken.js"', resolveDir: '/app' },
      bundle: true,
      write: false,
      logLevel: 'silent',
      plugins: [plugin.esbuild(), virtual('await await (')],
    });
    await expect(result).rejects.toThrow(/Unexpected end of file/);
  });
});

/** Serves one source under every path. */
function virtual(contents: string): Plugin {
  return {
    name: 'virtual',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /broken/ }, () => ({ path: '/app/broken.js', namespace: 'virtual' }));
      onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({ contents }));
    },
  };
}
