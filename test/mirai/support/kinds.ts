interface Node {
  name: string;
  self?: Node;
}

class Point {
  readonly x = 1;
  readonly y = 2;
  readonly #hidden = 3;

  get sum() {
    return this.x + this.y + this.#hidden;
  }
}

function cyclic(): Node {
  const node: Node = { name: 'cyclic' };
  node.self = node;
  return node;
}

function sparse(): unknown[] {
  const list: unknown[] = [1];
  list[4] = undefined;
  list.length = 7;
  return list;
}

/** Values that a structured clone can copy, by the name that test titles show. */
export const kinds: readonly [name: string, make: () => unknown][] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['booleans', () => [true, false]],
  ['integers', () => [0, 1, -1, 2 ** 31, 2 ** 53, -(2 ** 53)]],
  ['numbers that JSON has not', () => [-0, Number.NaN, Infinity, -Infinity, 5e-324]],
  ['negative zero', () => -0],
  ['NaN', () => Number.NaN],
  ['bigints', () => [0n, -1n, 2n ** 200n]],
  ['strings', () => ['', 'a\0b', 'ünïcödé', '🦉', '\u2028']],
  ['a lone surrogate', () => 'a\ud800b'],
  ['dates', () => [new Date(0), new Date(-1), new Date(Number.NaN)]],
  ['a string that looks like a date', () => '1970-01-01T00:00:00.000Z'],
  ['regular expressions', () => [/a\/b/giu, /^$/]],
  ['boxed primitives', () => [Object(1), Object('s'), Object(true), Object(2n)]],
  ['properties that are undefined', () => ({ a: undefined, b: [undefined, null] })],
  ['nested objects', () => ({ a: { b: [{ c: [[[]]] }] }, '': 0, 'a b': 1 })],
  [
    'properties with the names of a protocol',
    () => ({ type: 'result', id: 1, $: [], toJSON: 'no', then: 1 }),
  ],
  ['an own property called __proto__', () => JSON.parse('{"__proto__":{"polluted":true}}')],
  ['integer-like keys', () => ({ 2: 'b', 1: 'a', z: 0 })],
  ['a sparse array', sparse],
  ['an array with more properties', () => Object.assign([1, 2], { extra: true })],
  ['a map', () => new Map<unknown, unknown>([[{ key: 1 }, new Map([[Number.NaN, -0]])]])],
  ['a set', () => new Set([1, '1', new Set([undefined])])],
  ['a cycle', cyclic],
  ['an instance of a class', () => new Point()],
  ['an object without prototype', () => Object.assign(Object.create(null), { a: 1 })],
  ['an array buffer', () => Uint8Array.of(1, 2, 255).buffer],
  ['an empty array buffer', () => new ArrayBuffer(0)],
  [
    'typed arrays',
    () => [Uint8Array.of(1), Int16Array.of(-1), Float64Array.of(0.1, -0), BigInt64Array.of(-1n)],
  ],
  ['a clamped array', () => Uint8ClampedArray.of(0, 255)],
  ['a part of a buffer', () => new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2)],
  ['an array of two bytes each at an odd place', () => [1, Uint16Array.of(513, 1027)]],
  ['a data view', () => new DataView(Uint8Array.of(1, 2, 3).buffer, 1)],
  ['a string of a mebibyte', () => 'ä1'.repeat(2 ** 19)],
  [
    'many small objects',
    () => Array.from({ length: 2000 }, (_, n) => ({ n, name: `number ${n}`, list: [n, -n] })),
  ],
  ['a deep object', () => Array.from({ length: 500 }).reduce<unknown>((inner) => ({ inner }), 'end')],
];
