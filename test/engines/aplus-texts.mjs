// The Promises/A+ suite and what it depends on as the texts of scripts, which run wherever there are promises.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { engines } from './paths.mjs';

const suite = dirname(createRequire(import.meta.url).resolve('promises-aplus-tests'));
const textOf = (script) => () => readFileSync(createRequire(join(suite, 'main.js')).resolve(script), 'utf8');
const texts = {
  mocha: textOf('mocha/mocha.js'),
  sinon: textOf('sinon/pkg/sinon.js'),
  'promises-aplus-tests': bundleSuite,
};

/** Lets a module import the texts as `text:mocha`, `text:sinon` and `text:promises-aplus-tests`. */
export const aplusTexts = {
  name: 'aplus-texts',
  setup(build) {
    build.onResolve({ filter: /^text:/ }, ({ path }) => ({
      path: path.slice('text:'.length),
      namespace: 'text',
    }));
    build.onLoad({ filter: /./, namespace: 'text' }, async ({ path }) => ({
      contents: await texts[path](),
      loader: 'text',
    }));
  },
};

async function bundleSuite() {
  const { outputFiles } = await build({
    // Not its own entry, whose "use strict" would become that of the whole script: some tests are not strict.
    stdin: { contents: "require('./testFiles.js')", resolveDir: suite },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    define: { global: 'globalThis' },
    alias: { assert: join(engines, 'inside/assert.cjs'), sinon: join(engines, 'inside/sinon.cjs') },
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0].text;
}
