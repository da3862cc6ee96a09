import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Node, type Program, parseSync, visitorKeys } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { transformAwaits } from '../../src/unplugin/index.js';

const require = createRequire(import.meta.url);
const names = ['vite', 'vitest', 'mongoose', 'mongodb', 'knex'];

/** Every script of a package that says `await` or `async`, by its path. */
async function sourcesOf(name: string): Promise<[path: string, code: string][]> {
  const root = rootOf(name);
  const files = await readdir(root, { recursive: true });
  return files
    .filter(
      (file) => /\.[cm]?[jt]s$/.test(file) && !file.includes('node_modules') && !/\.d\.[cm]?ts$/.test(file),
    )
    .map((file): [string, string] => [file, readFileSync(join(root, file), 'utf8')])

    .filter(([, code]) => code.length < 200_000 && /\bawait\b|\basync\b/.test(code));
}

/** Not all packages export their package.json. */
function rootOf(name: string): string {
  const found = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name, 'package.json'));
  for (const path of found) {
    try {
      readFileSync(path);
      return dirname(path);
    } catch {
      // the next folder, then
    }
  }
  throw new Error(`${name} is not installed`);
}

describe.each(names)('the sources of %s', (name) => {
  test('are the same but for the helpers, parse, and are transformed once', async () => {
    const sources = await sourcesOf(name);
    let transformed = 0;
    for (const [path, code] of sources) {
      const result = transformAwaits(code, path);
      if (!result) {
        expect(awaitsIn(path, code), path).toBe(false);
        continue;
      }
      transformed += 1;
      expect(transformAwaits(result.code, path), path).toBeUndefined();
      const before = parse(path, code);
      const after = parse(path, result.code);
      expect(JSON.stringify(plain(after)) === JSON.stringify(plain(before)), path).toBe(true);
    }
    expect(transformed).toBeGreaterThan(0);
  }, 60_000);
});

function parse(path: string, code: string): Program {
  const attempts = (['module', 'commonjs'] as const).map((sourceType) =>
    parseSync(path, code, { sourceType, lang: /ts$/.test(path) ? 'ts' : 'jsx' }),
  );
  const parsed = attempts.find(({ errors }) => errors.length === 0);
  if (!parsed) throw new Error(`${path}: ${attempts[0]?.errors[0]?.message}`);
  return parsed.program;
}

function awaitsIn(path: string, code: string): boolean {
  let awaits = false;
  visit(parse(path, code), (node) => {
    awaits ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
  });
  return awaits;
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const child of childrenOf(node)) visit(child, see);
}

function childrenOf(node: Node): Node[] {
  // Reason for the cast: the keys of a node's type are those under which it has others.
  const members = node as unknown as Record<string, Node | (Node | null)[] | null>;
  return (visitorKeys[node.type] ?? [])
    .flatMap((key) => members[key] ?? [])
    .filter((child) => child !== null);
}

type Tree = { type: string; name?: unknown; value?: unknown; operator?: unknown; children: Tree[] };

/** What a program says, with helpers taken away, and without positions. */
function plain(node: Node): Tree {
  if (node.type === 'Program') {
    const rest = node.body.filter((statement) => !isImport(statement));
    return { type: node.type, children: rest.map(plain) };
  }
  if (node.type === 'CallExpression' && isHelper(node.callee, 'awaited', 'iterated', 'delegated'))
    return plain(node.arguments[0] as Node); // cast: they are called with one
  if (
    node.type === 'ConditionalExpression' &&
    node.test.type === 'CallExpression' &&
    isHelper(node.test.callee, 'startYield')
  )
    return { type: 'YieldExpression', value: false, children: node.test.arguments.map(plain) };
  const { name, operator } = node as { name?: unknown; operator?: unknown }; // cast: where there
  return {
    type: node.type,
    name: Object(name) === name ? undefined : name,
    value: contentOf(node),
    operator,
    children: childrenOf(node).map(plain),
  };
}

function contentOf(node: Node): unknown {
  if (node.type === 'Literal') return node.raw;
  if (node.type === 'TemplateElement') return node.value.raw;
  return node.type === 'YieldExpression' ? node.delegate : undefined;
}

function isHelper(node: Node, ...helpers: string[]): boolean {
  return node.type === 'Identifier' && helpers.some((helper) => node.name.startsWith(`__${helper}`));
}

function isImport(statement: Node): boolean {
  if (statement.type === 'ImportDeclaration') return statement.source.value.startsWith('otel-promise-domain');
  if (statement.type !== 'VariableDeclaration') return false;
  const init = statement.declarations[0]?.init;
  const argument = init?.type === 'CallExpression' ? init.arguments[0] : undefined;
  return argument?.type === 'Literal' && String(argument.value).startsWith('otel-promise-domain');
}
