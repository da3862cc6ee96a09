import type MagicString from 'magic-string';
import type { ForOfStatement, ForStatement, Node, VariableDeclaration } from 'oxc-parser';
import type { Names, Reentry } from './names.js';
import { isAt, isFunction, type Place } from './walk.js';

/*
 * A resource is declared by a wrapper that disposes it in the context of the declaration. Other tools lower `await using`
 * to code whose awaits are out of reach, so that the context may be lost after a disposal: what follows in the same
 * function is entered again behind it. Where the function or the module ends with the scope, nothing follows.
 */

/** Rewrites the declaration of `await using`, and blocks and loops that hold one. */
export function rewriteDisposal(code: MagicString, names: Names, place: Place): void {
  if (isAt(place, 'BlockStatement')) {
    if (isBody(place) || !place.node.body.some(isDisposing)) return;
    const [open, close] = reentry(names, names.reentry(place.node));
    code.prependRight(place.node.start, open);
    code.appendLeft(place.node.end, close);
  } else if (isAt(place, 'ForOfStatement')) {
    if (isDisposing(place.node.left)) rewriteForOf(code, names, place.node.left, place.node);
  } else if (isAt(place, 'ForStatement')) {
    const { init } = place.node;
    if (init && isDisposing(init)) rewriteFor(code, names, init, place);
  } else if (isDisposing(place.node) && place.parent) {
    const { parent } = place;
    if (isAt(parent, 'ForOfStatement') || isAt(parent, 'ForStatement')) return;
    const isFollowed = isAt(parent, 'BlockStatement') && !isBody(parent);
    declareResources(code, names, place.node, isFollowed ? names.reentry(parent.node) : undefined);
  }
}

function isBody({ parent }: Place): boolean {
  return parent !== undefined && isFunction(parent.node);
}

function isDisposing(node: Node): node is VariableDeclaration {
  return node.type === 'VariableDeclaration' && node.kind === 'await using';
}

/** What to put around a block, so that the context it begins in is active again behind it, if it has awaited there. */
function reentry(names: Names, { context, reached }: Reentry): [open: string, close: string] {
  return [
    `{const ${context}=${names.helper('capture')}();let ${reached};try`,
    `finally{${reached}&&await ${names.helper('reenter')}(${reached})}}`,
  ];
}

/** `await using a = x, b = y` to constants, each followed by a resource that stands for it. */
function declareResources(
  code: MagicString,
  names: Names,
  { start, end, declarations }: VariableDeclaration,
  scope: Reentry | undefined,
): void {
  let from = start;
  for (const { id, ...declarator } of declarations) {
    code.update(from, declarator.start, from === start ? 'const ' : '; const ');
    code.appendLeft(declarator.end, `; ${resourceOf(names, id, from === start ? scope : undefined)}`);
    from = declarator.end;
  }
  // An explicit end: the next line might go on with the call that stands here now.
  if (code.original[end - 1] !== ';') code.appendLeft(end, ';');
}

function resourceOf(names: Names, id: Node, scope: Reentry | undefined): string {
  // Reason for the alternative: the language allows no pattern here.
  const name = id.type === 'Identifier' ? id.name : '';
  const declared = `await using ${names.unique('__held')} = ${names.helper('resource')}(${name})`;
  return scope ? `${declared}; ${scope.reached}=${scope.context}` : declared;
}

/** `for (await using a of b)` to a constant and a block that holds the resource, once a round. */
function rewriteForOf(
  code: MagicString,
  names: Names,
  { start, declarations: [declarator] }: VariableDeclaration,
  loop: ForOfStatement,
): void {
  if (!declarator) return;
  const { body } = loop;
  const scope = names.reentry(loop);
  const [open, close] = reentry(names, scope);
  code.update(start, declarator.start, 'const ');
  // To the left, so that it stays before a declaration that is moved here.
  code.prependLeft(body.start, `${open}{${resourceOf(names, declarator.id, scope)};`);
  code.appendLeft(body.end, `}${close}`);
}

/** The declarations of `for (await using a = b; …; …)` to before the loop and its labels. */
function rewriteFor(
  code: MagicString,
  names: Names,
  declaration: VariableDeclaration,
  loop: Place<ForStatement>,
): void {
  let outermost: Place = loop;
  while (outermost.parent && isAt(outermost.parent, 'LabeledStatement')) outermost = outermost.parent;
  const scope = names.reentry(loop.node);
  const [open, close] = reentry(names, scope);
  const { start, end } = declaration;
  declareResources(code, names, declaration, scope);
  code.prependRight(start, `${open}{`);
  code.move(start, end, outermost.node.start);
  code.appendLeft(outermost.node.end, `}${close}`);
}
