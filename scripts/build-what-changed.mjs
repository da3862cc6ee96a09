// Builds dist, unless all of it is newer than everything that it is made of.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['src', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsup.config.ts'];

/** When each file below the paths was changed, in ms. */
function timesOf(paths) {
  return paths.flatMap((path) => {
    const stat = statSync(join(root, path));
    return stat.isDirectory()
      ? timesOf(readdirSync(join(root, path)).map((name) => join(path, name)))
      : stat.mtimeMs;
  });
}

// Declarations are written last: without them the last build came to no end.
const isWhole = existsSync(join(root, 'dist/index.js')) && existsSync(join(root, 'dist/index.d.ts'));
if (!isWhole || Math.min(...timesOf(['dist'])) <= Math.max(...timesOf(sources))) {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}
