import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';

/** How the `otel-mirai` of this package is started on this machine; `undefined` where it has been bundled, and is not there. */
export function ownCommand(): readonly string[] | undefined {
  try {
    const path: unknown = createRequire(import.meta.url).resolve('otel-promise-domain/package.json');
    // Webpack has a number of its own for it.
    if (typeof path !== 'string' || !isAbsolute(path)) return undefined;
    const main = join(dirname(path), 'dist', 'cli', 'main.js');
    return existsSync(main) ? [process.execPath, main] : undefined;
  } catch {
    return undefined;
  }
}
