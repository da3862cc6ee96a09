import type { Layout } from '../../../src/testing/drawing/layout.js';
import type { Group, Shape, SymbolName } from '../../../src/testing/drawing/shapes.js';

export function groupsOf({ groups, gutter }: Layout): readonly Group[] {
  return [...groups, ...gutter];
}

/** The shapes of a kind in the lanes, without the legend and the heading. */
export function drawn<K extends Shape['shape']>(
  { groups }: Layout,
  kind: K,
): readonly (Extract<Shape, { shape: K }> & { readonly group: Group })[] {
  const isOfKind = (shape: Shape): shape is Extract<Shape, { shape: K }> => shape.shape === kind;
  return groups.flatMap((group) =>
    group.shapes
      .filter(isOfKind)
      .filter((shape) => ('at' in shape ? shape.at : shape.from).column > 0)
      .map((shape) => ({ ...shape, group })),
  );
}

/** The steps that have a symbol in the lanes. */
export function stepsWith(layout: Layout, symbol: SymbolName): readonly (string | undefined)[] {
  return drawn(layout, 'symbol')
    .filter((shape) => shape.symbol === symbol)
    .map(({ group }) => group.step);
}

/** What is written at a step, without its number in the header. */
export function wordsAt(layout: Layout, at: string): readonly string[] {
  return drawn(layout, 'text')
    .filter(({ group, middle }) => group.step === at && middle !== true)
    .map(({ parts }) => parts.map(({ text }) => text).join(''));
}

/** What is written in front of the lanes, from top to bottom. */
export function gutterWords({ gutter }: Layout): readonly string[] {
  const texts = gutter.flatMap(({ shapes }) =>
    shapes.flatMap((shape) => (shape.shape === 'text' ? [shape] : [])),
  );
  return texts
    .sort((one, other) => one.y - other.y)
    .map(({ parts }) => parts.map(({ text }) => text).join(''));
}

/** The names of the elements that are opened and not closed in their order, or hold a character that XML has not. */
export function xmlFaults(xml: string): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const text = /[^<>&]|&(?:amp|lt|gt|quot|#\d+);/u;
  const tag = /<(\/?)([a-z][a-z\d]*)((?: [\w:-]+="(?:[^"<>&]|&(?:amp|lt|gt|quot|#\d+);)*")*)(\/?)>/u;
  const token = new RegExp(`${tag.source}|(?:${text.source})+`, 'uy');
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) return [...faults, `not XML: ${xml.slice(at, at + 60)}`];
    const [whole, closing, name = '', , empty] = match;
    if (closing === undefined || name === '') {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u.test(whole)) {
        faults.push(`a character that XML has not: ${JSON.stringify(whole)}`);
      }
    } else if (closing === '/') {
      if (open.pop() !== name) faults.push(`</${name}> closes another one`);
    } else if (empty === '') open.push(name);
  }
  return [...faults, ...open.map((name) => `<${name}> is open`)];
}
