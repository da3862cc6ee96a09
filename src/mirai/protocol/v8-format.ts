/** What follows a tag of V8's format. */
export type Shape =
  | 'nothing'
  | 'varint'
  | 'double'
  | 'bytes'
  | 'pairs'
  | 'bigint'
  | 'string'
  | 'regexp'
  | 'reference'
  | 'buffer'
  | 'resizable'
  | Container;

/** What holds other values. */
export type Container = 'object' | 'dense' | 'sparse' | 'map' | 'set' | 'error';

const code = (character: string) => character.charCodeAt(0);

const named: readonly (readonly [tags: string, Shape])[] = [
  ['_0TFyx', 'nothing'],
  ['IU', 'varint'],
  ['NDn', 'double'],
  ['"S', 'bytes'],
  ['c', 'pairs'],
  ['Zz', 'bigint'],
  ['s', 'string'],
  ['R', 'regexp'],
  ['^', 'reference'],
  ['B', 'buffer'],
  ['~', 'resizable'],
  ['o', 'object'],
  ['A', 'dense'],
  ['a', 'sparse'],
  [';', 'map'],
  ["'", 'set'],
  ['r', 'error'],
];

/**
 * By tag. Left out is what no copy of a value has: shared and moved memory, host objects, modules.
 *
 * @see https://github.com/v8/v8/blob/main/src/objects/value-serializer.cc
 */
export const shapes: readonly (Shape | undefined)[] = Array.from(
  { length: 256 },
  (_, tag) => named.find(([tags]) => tags.includes(String.fromCharCode(tag)))?.[1],
);

/** The tags after which nothing more comes in it. */
export const ends: Readonly<Record<Container, number>> = {
  object: code('{'),
  dense: code('$'),
  sparse: code('@'),
  map: code(':'),
  set: code(','),
  error: code('.'),
};

export const tags = {
  hole: code('-'),
  view: code('V'),
  int32: code('I'),
  uint32: code('U'),
  double: code('N'),
} as const;

/** Of an error. */
export const parts = { message: code('m'), stack: code('s'), cause: code('c') } as const;

/** Classes of errors, as a part of one. */
export const errorKinds: ReadonlySet<number> = new Set([...'ERFSTU'].map(code));

export const viewKinds: ReadonlySet<number> = new Set([...'bBCwWdDhfFqQ?'].map(code));
