import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is there until the running test is over. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mirai-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file that tasks add lines to, which works from every daemon and survives its death. */
export function notebook() {
  const path = join(scratchFolder(), 'notes');
  const lines = () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []);
  return { path, lines };
}
