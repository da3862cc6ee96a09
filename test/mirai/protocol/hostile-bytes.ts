/** Pieces of V8's format, as nobody but an attacker puts them together. */

export const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

export function varint(value: number): number[] {
  const rest = Math.floor(value / 128);
  return rest > 0 ? [(value % 128) + 128, ...varint(rest)] : [value];
}

/** A whole message. */
export const message = (value: readonly number[], version = 15) => Uint8Array.from([0xff, version, ...value]);

/** A list that is said to be long, and is empty: 10 bytes. */
export const sparse = (length = 29_000_000, inside: readonly number[] = [], properties = 0): number[] => [
  ...ascii('a'),
  ...varint(length),
  ...inside,
  ...ascii('@'),
  ...varint(properties),
  ...varint(length),
];

export const list = (...elements: (readonly number[])[]): number[] => [
  ...ascii('A'),
  ...varint(elements.length),
  ...elements.flat(),
  ...ascii('$'),
  0,
  ...varint(elements.length),
];

/** Of keys and values. */
export const object = (...properties: (readonly number[])[]): number[] => [
  ...ascii('o'),
  ...properties.flat(),
  ...ascii('{'),
  ...varint(properties.length / 2),
];

const map = (...entries: (readonly number[])[]): number[] => [
  ...ascii(';'),
  ...entries.flat(),
  ...ascii(':'),
  ...varint(entries.length),
];

const set = (...elements: (readonly number[])[]): number[] => [
  ...ascii("'"),
  ...elements.flat(),
  ...ascii(','),
  ...varint(elements.length),
];

export const text = (value: string): number[] => [...ascii('"'), ...varint(value.length), ...ascii(value)];
export const wide = (value: string): number[] => {
  const bytes = Buffer.from(value, 'utf16le');
  return [...ascii('c'), ...varint(bytes.length), ...bytes];
};
export const int = (value: number): number[] => [...ascii('I'), ...varint(value * 2)];
const double = (value: number): number[] => [...ascii('N'), ...new Uint8Array(Float64Array.of(value).buffer)];
const error = (...parts: (readonly number[])[]): number[] => [...ascii('r'), ...parts.flat(), ...ascii('.')];

export const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

const none = ascii('_');

/** Less than a few kilobytes each, and more than 300 MB once V8 has read them, or an end of the process. */
export const hostile: readonly [name: string, value: number[]][] = [
  ['sparse arrays in a row', list(...times(100, () => sparse()))],
  [
    'sparse arrays within each other',
    times(60, () => 0).reduce((inner) => sparse(29_000_000, [...int(0), ...inner], 1), none),
  ],
  ['sparse arrays of which none is too long', list(...times(2000, () => sparse(20_000)))],
  ['sparse arrays as keys and values of a map', map(...times(100, () => sparse()))],
  ['sparse arrays in a set', set(...times(100, () => sparse()))],
  ['sparse arrays as properties of objects', list(...times(100, () => object(text('a'), sparse())))],
  [
    'sparse arrays as causes of errors',
    list(...times(100, () => error(ascii('Tm'), text('a'), ascii('c'), sparse()))),
  ],
  ['a sparse array where a message is to be', list(...times(100, () => error(ascii('m'), sparse())))],
  ['sparse arrays where keys are to be', list(...times(100, () => object(sparse(), none)))],
  ['sparse arrays behind zeros', list(...times(100, () => [0, 0, ...sparse()]))],
  [
    'dense arrays within each other, without elements',
    times(500, () => [...ascii('A'), ...varint(1_000_000)]).flat(),
  ],
  ['distant elements of objects', list(...times(10_000, () => object(int(1023), none)))],
  ['distant elements, as text', list(...times(10_000, () => object(text('1023'), none)))],
  ['distant elements, as wide text', list(...times(10_000, () => object(wide('1023'), none)))],
  ['distant elements, as floating numbers', list(...times(10_000, () => object(double(1023), none)))],
  [
    'distant elements of arrays',
    list(...times(10_000, () => [...ascii('A'), 0, ...int(1023), ...none, ...ascii('$'), 1, 0])),
  ],
];
