import type MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import type { Helper, Names } from './names.js';
import { isAt, type Place } from './walk.js';

/**
 * Rewrites what awaits by itself: `await`, `for await`, and in async generators `yield`, `yield*` and `return`.
 *
 * @param ends to which is added where a call ends that is put in
 */
export function rewriteAwait(code: MagicString, names: Names, place: Place, ends: Set<number>): void {
  if (isAt(place, 'AwaitExpression')) wrap(code, names, 'awaited', place.node.argument, ends);
  else if (isAt(place, 'ForOfStatement')) {
    if (place.node.await) wrap(code, names, 'iterated', place.node.right, ends);
  } else if (place.fn?.async && place.fn.generator) {
    if (isAt(place, 'ReturnStatement')) {
      // What an async generator returns is awaited; what another async function returns is not.
      if (place.node.argument) wrap(code, names, 'awaited', place.node.argument, ends);
    } else if (isAt(place, 'YieldExpression')) {
      const { argument, delegate, start, end } = place.node;
      if (argument && delegate) wrap(code, names, 'delegated', argument, ends);
      else rewriteYield(code, names, start, argument, end, ends);
    }
  }
}

/** Needs no parentheses: a conditional expression may stand wherever a `yield` may. */
function rewriteYield(
  code: MagicString,
  names: Names,
  start: number,
  argument: Node | null,
  end: number,
  ends: Set<number>,
): void {
  const head = `${names.helper('startYield')}(`;
  const tail = `) ? yield* ${names.helper('keptYield')}() : yield`;
  if (!argument) {
    // It still ends in the keyword, so that it does not go on in the next line.
    code.update(start, end, head + tail);
    return;
  }
  code.update(start, start + 'yield'.length, head);
  code.appendLeft(argument.end, `${tail} ${names.helper('plainYield')}()`);
  ends.add(argument.end);
}

/** Inner nodes have been rewritten before: what is at the same place goes inside. */
function wrap(
  code: MagicString,
  names: Names,
  helper: Helper,
  { type, start, end }: Node,
  ends: Set<number>,
): void {
  // The commas of `return a, b` are not to separate arguments.
  const [open, close] = type === 'SequenceExpression' ? ['((', '))'] : ['(', ')'];
  // A keyword may come right before: `await(x)`.
  const space = /[\w*]/.test(code.original[start - 1] ?? '') ? ' ' : '';
  code.prependRight(start, `${space}${names.helper(helper)}${open}`);
  code.appendLeft(end, close);
  ends.add(end);
}
