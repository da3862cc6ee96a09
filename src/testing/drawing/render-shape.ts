import { escapeMarkup } from './escape.js';
import type { Group, Place, Shape, SymbolName, TextShape } from './shapes.js';

/** A number as it is written: the same on every machine. */
export function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function circle(x: string, y: string, radius: number, className: string): string {
  return `<circle class="${className}" cx="${x}" cy="${y}" r="${radius}"/>`;
}

const symbols: Readonly<Record<SymbolName, (x: string, y: string, tone: string) => string>> = {
  start: (x, y, tone) => circle(x, y, 4.5, `hollow ${tone}`),
  end: (x, y, tone) => circle(x, y, 5.5, `dot ${tone}`),
  again: (x, y, tone) =>
    `${circle(x, y, 5, `hollow ${tone}`)}<path class="cross ${tone}" d="M${x} ${y}m-6 -6l12 12m0 -12l-12 12"/>`,
  failed: (x, y, tone) => `${circle(x, y, 5, `dot ${tone}`)}${circle(x, y, 8, 'around bad')}`,
  ring: (x, y, tone) => circle(x, y, 5.5, `ring ${tone}`),
  'empty ring': (x, y, tone) => circle(x, y, 5.5, `ring dashed ${tone}`),
  cap: (x, y, tone) => `<path class="cap ${tone}" d="M${x} ${y}m0 -8v16"/>`,
  'end cap': (x, y, tone) => circle(x, y, 7, `hit ${tone}`),
  thrown: (x, y, tone) => `<path class="cross ${tone}" d="M${x} ${y}m-4.5 -4.5l9 9m0 -9l-9 9"/>`,
  flag: (x, y, tone) => `<path class="flag ${tone}" d="M${x} ${y}m0 5v-22l8 4l-8 4"/>`,
  finding: (x, y, tone) =>
    `<path class="cross ${tone}" d="M${x} ${y}m0 -5.5l6 10.5h-12z"/><path class="cross ${tone}" d="M${x} ${y}m0 -1.5v3"/>`,
};

function words({ parts }: TextShape): string {
  const [first, ...more] = parts;
  if (first === undefined) return '';
  if (more.length === 0) return escapeMarkup(first.text);
  return parts.map(({ text, tone }) => `<tspan class="${tone}">${escapeMarkup(text)}</tspan>`).join('');
}

/** One shape as SVG. */
function renderShape(shape: Shape, columns: readonly number[]): string {
  const across = ({ column, shift }: Place) => number((columns[column] ?? 0) + shift);
  const y = number(shape.y);
  switch (shape.shape) {
    case 'text': {
      const { mono, bold, size } = shape.face;
      const face = `${mono ? 'mono ' : ''}${bold ? 'strong ' : ''}f${size}`;
      const anchor = shape.middle ? ' text-anchor="middle"' : '';
      const tone = shape.parts.length === 1 ? (shape.parts[0]?.tone ?? '') : '';
      return `<text class="${`${face} ${tone}`.trimEnd()}" x="${across(shape.at)}" y="${y}"${anchor}>${words(shape)}</text>`;
    }
    case 'line': {
      const down = shape.toY === undefined ? '' : `V${number(shape.toY)}`;
      return `<path class="${shape.tone}" d="M${across(shape.from)} ${y}H${across(shape.to)}${down}"/>`;
    }
    case 'bar': {
      const from = (columns[shape.from.column] ?? 0) + shape.from.shift;
      const to = (columns[shape.to.column] ?? 0) + shape.to.shift;
      const top = number(shape.y - shape.height / 2);
      const rest = `width="${number(Math.max(to - from, 2))}" height="${number(shape.height)}" rx="${shape.radius ?? 3}"`;
      return `<rect class="${shape.tone}" x="${number(from)}" y="${top}" ${rest}/>`;
    }
    case 'symbol':
      return symbols[shape.symbol](across(shape.at), y, shape.tone);
  }
}

/** A group as SVG. */
export function renderGroup(group: Group, columns: readonly number[]): string {
  const attributes = [
    group.role === undefined ? '' : ` class="${group.role}"`,
    group.step === undefined ? '' : ` data-step="${escapeMarkup(group.step)}"`,
    group.call === undefined ? '' : ` data-call="${group.call}"`,
    group.span === undefined ? '' : ` data-span="${escapeMarkup(group.span)}"`,
  ];
  const title = group.title === undefined ? '' : `<title>${escapeMarkup(group.title)}</title>`;
  const shapes = group.shapes.map((shape) => renderShape(shape, columns)).join('');
  return `<g${attributes.join('')}>${title}${shapes}</g>`;
}
