import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const manifest = 'otel-promise-domain/package.json';

/** Of this package; services have to name one. */
export function packageVersion(): string {
  try {
    return String(require(manifest).version);
  } catch {
    return '0.0.0';
  }
}

/** A file of this package. @throws Error where the package is not installed, because it was bundled with its user */
export function packageFile(...path: string[]): string {
  return join(dirname(require.resolve(manifest)), ...path);
}
