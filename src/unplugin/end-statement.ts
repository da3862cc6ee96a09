import type MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import type { Place } from './walk.js';

/**
 * Ends a statement by a semicolon where its line alone ended it, if the call that is put there would go on in the next
 * line: after `await n++` no `[` can follow, after `await f(n++)` it can.
 *
 * @param ends where calls end that have been put in
 */
export function endStatement(code: MagicString, { node, parent }: Place, ends: ReadonlySet<number>): void {
  if (!ends.has(node.end) || !statements.has(node.type)) return;
  // What is declared in the head of a loop ends with the head.
  if (parent && node.type === 'VariableDeclaration' && loops.has(parent.node.type)) return;
  goesOn.lastIndex = node.end;
  if (goesOn.test(code.original)) code.appendLeft(node.end, ';');
}

/** Those that end with an expression. */
const statements: ReadonlySet<Node['type']> = new Set([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
  'ExportDefaultDeclaration',
]);

const loops: ReadonlySet<Node['type']> = new Set(['ForStatement', 'ForOfStatement', 'ForInStatement']);

/** Spaces and comments, and then what a statement may begin with and an expression go on with. */
const goesOn =
  /(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/.*(?:[\r\n\u2028\u2029]|$))*(?:[([`<]|\+(?!\+)|-(?!-)|\/(?![/*]))/y;
