import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A module as `import()` gives it, of one that `require()` gave. */
const interop = (module: { __esModule?: boolean } | undefined) =>
  module?.__esModule ? module : Object.assign({}, module, { default: module });

/** `import()` of what Vite has resolved already: to a path in its own notation. */
function importOfVite(specifier: string): Promise<unknown> {
  const [, absolute] = /^\/@fs(\/.*)$/.exec(specifier) ?? [];
  if (absolute) return import(/* webpackIgnore: true */ /* @vite-ignore */ pathToFileURL(absolute).href);
  if (!specifier.startsWith('/')) return import(/* webpackIgnore: true */ /* @vite-ignore */ specifier);
  return import(
    /* webpackIgnore: true */ /* @vite-ignore */ pathToFileURL(
      existsSync(specifier) ? specifier : join(process.cwd(), specifier),
    ).href
  );
}

/** Counters of code coverage: whatever is read of them or called is one of them, and counts from 0. */
const coverage: unknown = new Proxy(() => undefined, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => 0 : coverage),
  set: () => true,
  apply: () => coverage,
});

/** What transpilers and test runners put into the source of functions, and is not there in a daemon. */
const helpers: readonly (readonly [RegExp, () => unknown])[] = [
  [/\b__name\d*\b/g, () => (fn: unknown) => fn],
  [/\b__vite_ssr_dynamic_import__\b/g, () => importOfVite],
  [/\b__vi_import__\b/g, () => importOfVite],
  [/\b(?:__importStar|__importDefault|__toESM)\b/g, () => interop],
  [/\b(?:_interop_?[rR]equire_?[wW]ildcard|_interop_?[rR]equire_?[dD]efault)\b/g, () => interop],
  [/\bcov_\w+\b/g, () => coverage],
  [/\brequire\b/g, () => createRequire(join(process.cwd(), 'index.js'))],
];

/** Those that the source of a function uses, by name. */
export function helpersFor(source: string): Record<string, unknown> {
  const used: Record<string, unknown> = {};
  for (const [pattern, make] of helpers)
    for (const name of source.match(pattern) ?? []) used[name] ??= make();
  return used;
}
