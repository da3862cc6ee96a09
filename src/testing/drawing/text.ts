import { shorten } from './escape.js';
import { faces, type Part, type Place, place, type TextShape } from './shapes.js';
import type { Face } from './text-width.js';

/** How many characters are drawn of what a program has named, or says. */
export const lengths = { name: 30, note: 44, sentence: 110 };

/** A text in one colour. */
export function text(at: Place, y: number, face: Face, content: string, tone = 'ink'): TextShape {
  return texts(at, y, face, [{ text: content, tone }]);
}

/** A text whose parts have colours of their own, with a space between them. */
export function texts(at: Place, y: number, face: Face, parts: readonly Part[]): TextShape {
  const spaced = parts
    .filter((part) => part.text !== '')
    .map((part, index) => (index === 0 ? part : { ...part, text: ` ${part.text}` }));
  return { shape: 'text', at, y, face, parts: spaced };
}

/** The words that stand in front of a lane. */
export function gutterText(
  y: number,
  content: string,
  tone = 'ink',
  indent = 0,
  face: Face = faces.body,
): TextShape {
  return text(place(0, margin + indent), y, face, content, tone);
}

/** The space around the drawing, in pixels. */
export const margin = 16;

export function name(content: string): string {
  return shorten(content, lengths.name);
}

export function note(content: string): string {
  return shorten(content, lengths.note);
}
