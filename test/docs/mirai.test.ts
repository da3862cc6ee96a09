import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** A block that begins with its own name is a module of its page; any other is a program. */
const named = /^\/\/ ([\w-]+)\.ts\n/;

// distributed.md needs a server: mirai-distributed.test.ts starts one.
const pages = readdirSync(`${root}docs/mirai`).filter(
  (name) => name.endsWith('.md') && name !== 'distributed.md',
);

function blocksOf(page: string): string[] {
  const text = readFileSync(`${root}docs/mirai/${page}`, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
}

describe.each(pages)('docs/mirai/%s', (page) => {
  const blocks = blocksOf(page);
  const programs = blocks.filter((block) => !named.test(block));
  let folder = '';

  const write = async (name: string, source: string) => {
    const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'es2022' });
    writeFileSync(join(folder, name), code);
  };

  // In the folder of the package, where it may import itself by its name.
  beforeAll(async () => {
    folder = mkdtempSync(`${root}test/docs/.snippets-`);
    for (const block of blocks) {
      const [, name] = named.exec(block) ?? [];
      if (name) await write(`${name}.js`, block);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(programs.map((source, index) => [index + 1, source] as const))(
    'program %i prints what it says',
    async (number, source) => {
      const promised = [...source.matchAll(/\/\/ prints: (.*)$/gm)].map((match) => match[1]);
      await write(`program-${number}.mjs`, source);
      const { stdout } = await run(process.execPath, [`program-${number}.mjs`], { cwd: folder });
      expect(stdout.split('\n').filter((line) => line !== '')).toEqual(promised);
    },
    30_000,
  );
});
