import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the timelines in the guides are those that examples/timeline/pictures.mjs draws', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await promisify(execFile)(process.execPath, ['examples/timeline/pictures.mjs', folder], { cwd: root });
  const read = (from: string) =>
    Object.fromEntries(
      readdirSync(from)
        .filter((file) => file.startsWith('timeline-'))
        .map((file) => [file, readFileSync(join(from, file), 'utf8')]),
    );
  const drawn = read(folder);
  expect(Object.keys(drawn)).toHaveLength(3);
  expect(read(join(root, 'docs/images'))).toEqual(drawn);
});
