import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NatsServer, startNatsServer } from '../mirai/support/nats-server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const page = readFileSync(`${root}docs/mirai/distributed.md`, 'utf8');

/** A block that begins with its own name is a module; any other is a program. */
const named = /^\/\/ ([\w-]+)\.ts\n/;

/** Where the page has its server. */
const documented = 'nats://127.0.0.1:4222';

const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
const programs = blocks.filter((block) => !named.test(block));

describe('docs/mirai/distributed.md', () => {
  let server: NatsServer;
  let folder = '';

  const write = async (name: string, source: string) => {
    const own = source.replaceAll(documented, server.url);
    const { code } = await transform(own, { loader: 'ts', format: 'esm', target: 'es2022' });
    writeFileSync(join(folder, name), code);
  };

  // In the folder of the package, where it may import itself by its name.
  beforeAll(async () => {
    server = await startNatsServer();
    folder = mkdtempSync(`${root}test/docs/.snippets-`);
    for (const block of blocks) {
      const [, name] = named.exec(block) ?? [];
      if (name) await write(`${name}.js`, block);
    }
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  });

  test.each(programs.map((source, index) => [index + 1, source] as const))(
    'program %i prints what it says',
    async (number, source) => {
      const promised = [...source.matchAll(/\/\/ prints: (.*)$/gm)].map((match) => match[1]);
      await write(`program-${number}.mjs`, source);
      const { stdout } = await run(process.execPath, [`program-${number}.mjs`], { cwd: folder });
      const printed = stdout.replaceAll(server.url, documented).split('\n');
      expect(printed.filter((line) => line !== '')).toEqual(promised);
    },
    30_000,
  );

  test('each promise about delivery has a test of its number', () => {
    const numbers = [...page.matchAll(/^(\d+)\. \*\*/gm)].map((match) => match[1]);
    const tests = readFileSync(`${root}test/mirai/nats/delivery.test.ts`, 'utf8');
    const tested = [...tests.matchAll(/^ {2}test(?:\.each\([^)]*\))?\(\s*'(\d+) /gm)].map(
      (match) => match[1],
    );
    expect(numbers.length).toBeGreaterThan(0);
    expect(tested).toEqual(numbers);
  });
});
