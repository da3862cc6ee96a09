import type MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import type { Helper, Names } from './names.js';
import { isAt, type Place } from './walk.js';

/** Rewrites what awaits by itself: `await`, `for await`, and in async generators `yield`, `yield*` and `return`. */
export function rewriteAwait(code: MagicString, names: Names, place: Place): void {
  if (isAt(place, 'AwaitExpression')) wrap(code, names, 'awaited', place.node.argument);
  else if (isAt(place, 'ForOfStatement')) {
    if (place.node.await) wrap(code, names, 'iterated', place.node.right);
  } else if (place.fn?.async && place.fn.generator) {
    if (isAt(place, 'ReturnStatement')) {
      // What an async generator returns is awaited; what another async function returns is not.
      if (place.node.argument) wrap(code, names, 'awaited', place.node.argument);
    } else if (isAt(place, 'YieldExpression')) {
      const { argument, delegate, start, end } = place.node;
      if (argument && delegate) wrap(code, names, 'delegated', argument);
      else rewriteYield(code, names, start, argument, end);
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
): void {
  const head = `${names.helper('startYield')}(`;
  const tail = `) ? yield* ${names.helper('keptYield')}() : yield ${names.helper('plainYield')}()`;
  if (!argument) {
    code.update(start, end, head + tail);
    return;
  }
  code.update(start, start + 'yield'.length, head);
  code.appendLeft(argument.end, tail);
}

/** Inner nodes have been rewritten before: what is at the same place goes inside. */
function wrap(code: MagicString, names: Names, helper: Helper, { start, end }: Node): void {
  // A keyword may come right before: `await(x)`.
  const space = /[\w*]/.test(code.original[start - 1] ?? '') ? ' ' : '';
  code.prependRight(start, `${space}${names.helper(helper)}(`);
  code.appendLeft(end, ')');
}
