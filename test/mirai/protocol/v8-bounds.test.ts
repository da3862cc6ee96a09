import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serialize as serializeForDisk } from 'node:v8';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deserialize, serialize } from '../../../src/mirai/protocol/serialize.js';
import { checkBounds } from '../../../src/mirai/protocol/v8-bounds.js';
import { kinds } from '../support/kinds.js';
import { scratchFolder } from '../support/scratch.js';
import {
  ascii,
  hostile,
  int,
  list,
  message,
  object,
  sparse,
  text,
  times,
  varint,
  wide,
} from './hostile-bytes.js';

const nothing = ascii('_');
const nested = (depth: number) =>
  message([
    ...times(depth, () => [...ascii('A'), 1]).flat(),
    ...nothing,
    ...times(depth, () => [36, 0, 1]).flat(),
  ]);

function filledBackwards(): number[] {
  const all: number[] = [];
  for (let n = 5000; n >= 0; n--) all[n] = n;
  return all;
}

const viewsOf = (buffer: ArrayBuffer) => [
  buffer,
  new Uint8Array(buffer, 3),
  new Float64Array(buffer),
  new DataView(buffer),
];

describe('checkBounds() lets through', () => {
  test.each(kinds)('%s', (_name, make) => {
    checkBounds(serialize(make()));
    checkBounds(serialize([make(), { twice: [make()] }, new Map([[make(), make()]])]));
  });

  test.each([
    ['an error', new Error('a')],
    [
      'an error of each class',
      [EvalError, RangeError, ReferenceError, SyntaxError, URIError].map((E) => new E('é🦉')),
    ],
    ['an error with causes', new TypeError('a', { cause: new Error('b', { cause: { c: [1] } }) })],
    ['an error without a stack', Object.assign(new Error('a'), { stack: undefined })],
    ['an empty array of a million', new Array(1_000_000)],
    ['many objects by numbers', times(20_000, () => ({ 200: 1, 404: 2, 500: 3 }))],
    ['an object by a hundred thousand numbers', Object.fromEntries(times(100_000, (n) => [n, n]))],
    ['an object by large numbers', { 4294967294: 1, 4294967295: 2, 3000000000: 3, '-1': 4, 1.5: 5, '01': 6 }],
    ['an array that was filled backwards', filledBackwards()],
    [
      'a view of a buffer that grows',
      new Uint8Array(Reflect.construct(ArrayBuffer, [8, { maxByteLength: 2 ** 30 }])),
    ],
    ['several views of a buffer', viewsOf(new ArrayBuffer(16))],
    [
      'views of every kind',
      [Int8Array, Uint16Array, Int32Array, Uint32Array, Float32Array, BigUint64Array].map((V) => new V(3)),
    ],
  ])('%s', (_name, value) => checkBounds(serialize(value)));

  test('any value of any kind', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withBoxedValues: true,
      withNullPrototype: true,
      key: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.nat().map(String)),
    });
    fc.assert(
      fc.property(anything, (value) => {
        checkBounds(serialize(value));
      }),
      { numRuns: 2000 },
    );
  });

  test('keys of which only a half is digits', () => {
    checkBounds(message(list(...times(10_000, () => object(wide('\u0131\u0130\u0132\u0133'), nothing)))));
  });

  test('500 objects within each other, and 10,000', () => {
    checkBounds(nested(500));
    checkBounds(nested(10_000));
  });
});

describe('checkBounds() refuses', () => {
  test.each(hostile)('%s', (_name, value) => expect(() => checkBounds(message(value))).toThrow(TypeError));

  test.each([
    ['bytes of nothing', Uint8Array.of()],
    ['a value without its header', Uint8Array.from(nothing)],
    ['another version', message(nothing, 12)],
    ['a later version', message(nothing, 17)],
    ['what is written for a disk', serializeForDisk(Uint8Array.of(1))],
    ['a view of version 13', message([...ascii('B'), 0, ...ascii('VB'), 0, 0, 0], 13)],
    ['a view of nothing', message([...ascii('VB'), 0, 0, 0])],
    ['a view of an unknown kind', message([...ascii('B'), 0, ...ascii('Vx'), 0, 0, 0])],
    ['bytes behind the value', message([...nothing, ...nothing])],
    ['a hole that is in no array', message(object(text('a'), ascii('-')))],
    ['a key that is none', message(object(nothing, nothing))],
    ['a key without value', message([...ascii('o'), ...text('a'), ...ascii('{'), 0])],
    ['a number of more than 32 bits', message([...ascii('"'), 0x81, 0x80, 0x80, 0x80, 0x80, 0, 97])],
    ['a number of 33 bits', message([...ascii('"'), 0x81, 0x80, 0x80, 0x80, 0x10, 97])],
    ['a regular expression without text', message([...ascii('R_'), 1, 97, 0])],
    ['an unknown part of an error', message([...ascii('rx.')])],
    ['10,001 objects within each other', nested(10_001)],
    ['a million sets within each other', message(times(1_000_000, () => 0x27))],
    ...[...'?utpwmVM\\-{@$:,.\x01\xff'].map((tag): [string, Uint8Array] => [
      `the tag ${JSON.stringify(tag)}`,
      message([...ascii(tag), 0, 0, 0, 0]),
    ]),
    ...[...'"ScBAZz'].map((tag): [string, Uint8Array] => [
      `a length past the end, of ${tag}`,
      message([...ascii(tag), ...varint(2 ** 31 - 1), 0, 0]),
    ]),
  ])('%s', (_name, bytes) => expect(() => checkBounds(bytes)).toThrow(TypeError));

  test('every part of a value', () => {
    const value = [
      new Map([[{ a: 'é🦉', 5: 1n }, new Set([new Date(0), /a/g])]]),
      Uint8Array.of(1, 2),
      new Error('a'),
    ];
    const bytes = serialize([...value, Object(1), new Array(3)]);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => checkBounds(bytes.subarray(0, length))).toThrow(TypeError);
    }
  });

  test('a million holes and 8 for each byte, and one hole more', () => {
    const holes = (count: number) => message(list(sparse(500_000), sparse(count - 500_000)));
    const { length } = holes(1_000_000);
    checkBounds(holes(1_000_000 + 8 * length));
    expect(() => checkBounds(holes(1_000_001 + 8 * length))).toThrow(TypeError);
  });
});

test('checkBounds() counts elements where V8 makes room for them, and not where it uses a table', () => {
  const objects = (index: number) => message(list(...times(20_000, () => object(int(index), nothing))));
  checkBounds(objects(1024));
  expect(deserialize(objects(1024))).toHaveLength(20_000);
  expect(() => checkBounds(objects(1023))).toThrow(TypeError);
});

test('20,000 damaged values are refused, or take little memory', { timeout: 120_000 }, async () => {
  const program = join(scratchFolder(), 'mutations.mjs');
  const entry = fileURLToPath(new URL('mutations.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=200',
    program,
    '20000',
    '1',
  ]);
  const { refused, failed, read, most } = JSON.parse(stdout);
  expect({ count: refused + failed + read, isLittle: most < 64 * 2 ** 20 }).toEqual({
    count: 20_000,
    isLittle: true,
  });
  expect(Math.min(refused, read)).toBeGreaterThan(500);
});
