import MagicString, { type SourceMap } from 'magic-string';
import { check } from '../errors.js';
import { endStatement } from './end-statement.js';
import { addImport, importsFrom, isCommonjs } from './imports.js';
import { Names } from './names.js';
import { type Language, languages, parse } from './parse.js';
import { rewriteAwait } from './rewrite-awaits.js';
import { rewriteDisposal } from './rewrite-disposal.js';
import { placesFromLeaves } from './walk.js';

export interface TransformAwaitsOptions {
  /** What the code is written in, if that is not what its id says. Default: by the extension, or `lang` in the query. */
  readonly lang?: Language | undefined;
  /** What the helpers are imported from. Default: `otel-promise-domain/unplugin/runtime`. */
  readonly runtime?: string | undefined;
}

export interface TransformedAwaits {
  readonly code: string;
  /** The source map of this step alone. */
  readonly map: SourceMap;
}

/**
 * Makes every `await` of a source keep the active context and the promise domain where it runs, and so `for await`,
 * `await using`, and `yield`, `yield*` and `return` of async generators. Where nothing is active, the code does what it
 * did before, in the same jobs.
 *
 * @param id of the module, as bundlers have it: a path, maybe with a query
 * @returns `undefined` where there is nothing to do: nothing is awaited, the code has been transformed already, or it
 * has a syntax error
 * @throws TypeError if an argument is not what it must be
 */
export function transformAwaits(
  code: string,
  id: string,
  options: TransformAwaitsOptions = {},
): TransformedAwaits | undefined {
  check('transformAwaits: code', 'string', code);
  check('transformAwaits: id', 'string', id);
  check('transformAwaits: options', 'object', options, 'an object');
  const { lang, runtime = 'otel-promise-domain/unplugin/runtime' } = options;
  check('transformAwaits: options.runtime', 'string', runtime);
  if (lang !== undefined && !languages.includes(lang))
    check('transformAwaits: options.lang', 'one of these', lang, "'js', 'jsx', 'ts' or 'tsx'");
  if (!mayAwait.test(code)) return undefined;
  const parsed = parse(code, id, lang);
  if (!parsed) return undefined;
  const places = placesFromLeaves(parsed.program);
  if (importsFrom(runtime, places)) return undefined;

  const rewritten = new MagicString(code);
  const names = new Names(places);
  const ends = new Set<number>();
  for (const place of places) {
    rewriteAwait(rewritten, names, place, ends);
    rewriteDisposal(rewritten, names, place);
    endStatement(rewritten, place, ends);
  }
  if (names.imported.length === 0) return undefined;
  addImport(rewritten, parsed, names.imported, runtime, isCommonjs(parsed, id, places));
  return {
    code: rewritten.toString(),
    map: rewritten.generateMap({ source: id, includeContent: true, hires: 'boundary' }),
  };
}

/** Whatever awaits has one of these words: an async generator awaits without saying so. */
export const mayAwait = /\bawait\b|\basync\b/;
