import { type Program, parseSync } from 'oxc-parser';

/** What a source may be written in. */
export const languages = ['js', 'jsx', 'ts', 'tsx'] as const;

export type Language = (typeof languages)[number];

/** A source that has been parsed, and whether it is a CommonJS module or script. */
export interface Parsed {
  readonly program: Program;
  readonly comments: readonly { readonly value: string; readonly start: number; readonly end: number }[];
  readonly hasModuleSyntax: boolean;
}

/**
 * Parses `code` in the first language in which it has no syntax error, as a module if it can be one.
 *
 * @param first to be tried before the language that `id` says
 * @returns `undefined` where it has an error in each
 */
export function parse(code: string, id: string, first: Language | undefined): Parsed | undefined {
  const path = id.replace(/[?#].*$/s, '');
  const languages = first ? [languageOf(first), ...languagesOf(id, path)] : languagesOf(id, path);
  for (const lang of new Set(languages)) {
    for (const sourceType of /\.c[jt]s$/.test(path) ? commonjs : moduleOrCommonjs) {
      const { program, module, comments, errors } = parseSync(path, code, { lang, sourceType });
      if (!errors.some(({ severity }) => severity === 'Error'))
        return { program, comments, hasModuleSyntax: module.hasModuleSyntax };
    }
  }
  return undefined;
}

const commonjs = ['commonjs'] as const;
const moduleOrCommonjs = ['module', 'commonjs'] as const;

/** JSX only adds to JavaScript; in TypeScript it takes the syntax of casts away. */
function languageOf(language: Language): Language {
  return language === 'js' ? 'jsx' : language;
}

/** In the order in which to try them: `a<b>(c)` means one thing in JavaScript and another in TypeScript. */
function languagesOf(id: string, path: string): Language[] {
  const query = /[?&]lang[.=]([jt]sx?)\b/.exec(id)?.[1];
  const named = query ?? /\.[cm]?([jt]sx?)$/.exec(path)?.[1];
  if (named === 'ts') return ['ts', 'jsx'];
  if (named === 'tsx') return ['tsx'];
  return ['jsx', 'ts'];
}
