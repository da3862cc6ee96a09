// The advances of DejaVu Sans in em, the widest of the usual fonts, rounded up to a few classes: what is
// measured with them fits in the others too.
const classes: readonly (readonly [RegExp, number])[] = [
  [/^[ ijlI'|.,:;!()[\]/\\tfrJ-]$/, 0.41],
  [/^[a-z0-9_?*"$`{}]$/, 0.64],
  [/^[mw@%MW…]$/, 1],
  [/^[A-Z]$/, 0.79],
  [/^[ -~]$/, 0.84],
  [/^\p{M}$/u, 0.2],
  [/^[\u00A0-\u04FF\u2010-\u2027·×]$/u, 0.85],
];
const otherwise = 1.4;
const wide = /^[mw]$/;

const advances = new Map<string, number>();

function advance(character: string): number {
  const known = advances.get(character);
  if (known !== undefined) return known;
  const found = wide.test(character) ? 1 : classes.find(([test]) => test.test(character))?.[1];
  const width = found ?? otherwise;
  if (advances.size < 4096) advances.set(character, width);
  return width;
}

/** A face that text is drawn in. */
export interface Face {
  /** In pixels. */
  readonly size: number;
  readonly mono: boolean;
  readonly bold: boolean;
}

/** An upper bound of the width of a text in pixels, in the fonts that the drawing names. */
export function textWidth(text: string, { size, mono, bold }: Face): number {
  let width = 0;
  for (const character of text) {
    width += mono && character >= ' ' && character <= '~' ? 0.62 : advance(character) * (bold ? 1.1 : 1);
  }
  return Math.ceil(width * size);
}
