import { serialize } from 'node:v8';
import fc from 'fast-check';

type Bytes = Uint8Array;

const text = (value: string): Bytes => Buffer.from(value);
const index = fc.nat({ max: 2 ** 20 });
const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T; // cast: no list is empty

/** What no field of a message is, or hardly. */
const oddities = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.5,
    1e308,
    2 ** 53,
    '',
    '\0',
    [],
    {},
    [[]],
    [null],
    'x'.repeat(70_000),
  ),
  fc.constantFrom<unknown>(
    '__proto__',
    'constructor',
    'prototype',
    '../..',
    '*',
    '>',
    'a.b',
    'task',
    'result',
    'failure',
  ),
  fc.json().map((json): unknown => JSON.parse(json)),
);

/** Every place in a value, by the path to it. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

/** A copy in which another value is at a place; none at all where it is `undefined`. */
function withAt(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(value) ? [] : {}, value);
  const inner = withAt(copy[key], rest, other);
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

/** As JSON, with one key more, which assignment would not set. */
const withKey = (json: string, key: string, value: string) =>
  json.startsWith('{') ? `{${JSON.stringify(key)}:${value},${json.slice(1)}` : json;

const payloads: readonly Bytes[] = [
  text('[]'),
  text('[1,2]'),
  text('{"__proto__":{"polluted":true}}'),
  ...[[], [{ a: 1 }], [new Map([[1, new Set([2])]])], [Uint8Array.of(1, 2, 3)], [1n, new Date(0), /a/]].map(
    serialize,
  ),
  serialize({ kind: 'error', name: 'Error', message: 'forged', stack: undefined, properties: [] }),
  // Lengths of nearly all there is: of a string, a dense array, a buffer, a bigint.
  ...[34, 65, 66, 90].map((tag) => Uint8Array.of(255, 15, tag, 255, 255, 255, 255, 15)),
];

/** Bytes cut short, or changed here and there. */
const damaged = (bytes: Bytes) =>
  fc.oneof(
    fc.constant(bytes),
    index.map((end) => bytes.subarray(0, end % (bytes.length + 1))),
    fc.array(fc.tuple(index, fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }).map((changes) => {
      const copy = Uint8Array.from(bytes);
      for (const [where, byte] of changes) if (copy.length > 0) copy[where % copy.length] = byte;
      return copy;
    }),
  );

const body = index.chain((n) => damaged(at(payloads, n)));

/** Heads of which one part is not what it must be. */
const brokenHead = (heads: readonly object[]) =>
  fc
    .tuple(
      index,
      index,
      fc.option(oddities, { nil: undefined }),
      fc.constantFrom('', '__proto__', 'constructor', 'then'),
    )
    .map(([n, place, oddity, key]) => {
      const head = at(heads, n);
      const json = JSON.stringify(withAt(head, at(placesOf(head), place), oddity)) ?? '';
      return key === '' ? json : withKey(json, key, '{"polluted":true}');
    });

/** Messages that resemble those with these heads, and most of which are none. */
export function malformed(heads: readonly object[]): fc.Arbitrary<Bytes> {
  const frame = fc
    .tuple(brokenHead(heads), body)
    .map(([head, rest]) => Buffer.concat([text(`${head}\n`), rest]));
  const whole = fc
    .tuple(index, body)
    .map(([n, rest]) => Buffer.concat([text(`${JSON.stringify(at(heads, n))}\n`), rest]));
  return fc.oneof(
    { weight: 8, arbitrary: frame },
    { weight: 4, arbitrary: whole.chain(damaged) },
    { weight: 2, arbitrary: whole },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
    { weight: 1, arbitrary: brokenHead(heads).map(text) },
  );
}
