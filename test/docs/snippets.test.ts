import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The pages of which every `ts` block is a program; `// prints:` says what it writes, line by line. */
const pages = ['README.md', ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md') && snippetsOf(page).length > 0,
);

function snippetsOf(page: string): string[] {
  const text = readFileSync(`${root}${page}`, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
}

/** Runs in the folder of the package, where it may import itself by its name. */
async function runSnippet(source: string): Promise<string[]> {
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'es2022' });
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: root });
  return stdout.split('\n').filter((line) => line !== '');
}

describe.each(pages)('%s', (page) => {
  const snippets = snippetsOf(page);

  test.each(snippets.map((source, index) => [index + 1, source] as const))(
    'snippet %i prints what it says',
    async (_number, source) => {
      const promised = [...source.matchAll(/\/\/ prints: (.*)$/gm)].map((match) => match[1]);
      const printed = await runSnippet(source);
      // What the console exporter prints has ids and times in it, which nobody can promise.
      const stable = source.includes('ConsoleSpanExporter')
        ? printed.filter((line) => promised.includes(line))
        : printed;
      expect(stable).toEqual(promised);
    },
  );
});

test('the picture in the README is what the demo prints', async () => {
  const { stdout } = await run(process.execPath, ['examples/timeline/main.mjs'], { cwd: root });
  expect(readFileSync(`${root}README.md`, 'utf8')).toContain(`\`\`\`text\n${stdout}\`\`\``);
});
