import type MagicString from 'magic-string';
import type { Node, Program } from 'oxc-parser';
import type { Helper } from './names.js';
import type { Parsed } from './parse.js';
import { isAt, type Place } from './walk.js';

/** Whether a source imports or requires `module`. */
export function importsFrom(module: string, places: readonly Place[]): boolean {
  return places.some((place) => {
    if (isAt(place, 'ImportDeclaration')) return place.node.source.value === module;
    if (!isRequire(place)) return false;
    const [argument] = place.node.arguments;
    return argument?.type === 'Literal' && argument.value === module;
  });
}

function isRequire(place: Place): place is Place<Extract<Node, { type: 'CallExpression' }>> {
  return isAt(place, 'CallExpression') && isNamed(place.node.callee, 'require');
}

function isNamed(node: Node, ...names: string[]): boolean {
  return node.type === 'Identifier' && names.includes(node.name);
}

/** Whether an import would make it another kind of module than it is. */
export function isCommonjs(
  { program, hasModuleSyntax }: Parsed,
  id: string,
  places: readonly Place[],
): boolean {
  if (program.sourceType === 'commonjs' || /\.c[jt]s(?:[?#]|$)/.test(id)) return !hasModuleSyntax;
  if (hasModuleSyntax || /\.m[jt]s(?:[?#]|$)/.test(id)) return false;
  const awaitsAtTop = places.some(
    (place) =>
      !place.fn && (isAt(place, 'AwaitExpression') || (isAt(place, 'ForOfStatement') && place.node.await)),
  );
  return !awaitsAtTop && places.some((place) => isRequire(place) || isExports(place));
}

function isExports(place: Place): boolean {
  if (!isAt(place, 'AssignmentExpression')) return false;
  let target: Node = place.node.left;
  while (target.type === 'MemberExpression') {
    if (isNamed(target.object, 'module', 'exports')) return true;
    target = target.object;
  }
  return false;
}

/**
 * Adds the helpers' import after the directives and the imports that come first, on a line that is there already.
 */
export function addImport(
  code: MagicString,
  { program, comments }: Parsed,
  helpers: readonly (readonly [Helper, string])[],
  module: string,
  commonjs: boolean,
): void {
  const specifier = `'${module.replace(/['\\]/g, '\\$&')}'`;
  const list = (as: string) => helpers.map(([name, local]) => `${name}${as}${local}`).join(', ');
  const statement = commonjs
    ? `const { ${list(': ')} } = require(${specifier});`
    : `import { ${list(' as ')} } from ${specifier};`;
  const preamble = preambleOf(program);
  if (preamble) {
    const isClosed = code.original[preamble.end - 1] === ';';
    code.prependLeft(preamble.end, `${isClosed ? '' : ';'} ${statement}`);
    return;
  }
  // To the left, so that it stays before a declaration that is moved there.
  code.prependLeft(startOf(program, comments), `${statement} `);
}

/** The last of the directives and imports with which the program begins. */
function preambleOf({ body }: Program): Node | undefined {
  let last: Node | undefined;
  for (const statement of body) {
    const isDirective = statement.type === 'ExpressionStatement' && typeof statement.directive === 'string';
    if (!isDirective && statement.type !== 'ImportDeclaration') break;
    last = statement;
  }
  return last;
}

/** Where the first statement starts: comments before it may be for compilers, those with an annotation are a part of it. */
function startOf({ body: [first] }: Program, comments: Parsed['comments']): number {
  if (!first) return 0;
  const declared = 'declaration' in first ? first.declaration : first;
  const decorators = declared && 'decorators' in declared ? declared.decorators : [];
  const start = Math.min(first.start, ...decorators.map((decorator) => decorator.start));
  const annotation = comments.filter(({ end }) => end <= start).at(-1);
  return annotation && /^\s*[#@]__/.test(annotation.value) ? annotation.start : start;
}
