import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the built pages into memory: what is not in the list cannot be asked for.
 *
 * @returns a function that returns `{ type, body }` for a path, or `undefined`
 */
export function readPages(directory) {
  if (!existsSync(directory))
    throw new Error('the page is not built: run `npm run build` in examples/browser');
  const files = new Map();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(directory, file).split(sep).join('/')}`;
    const page = { type: types[extname(file)] ?? 'application/octet-stream', body: readFileSync(file) };
    files.set(path, page);
    if (path.endsWith('/index.html')) files.set(path.slice(0, -'index.html'.length), page);
  }
  return (path) => files.get(path);
}
