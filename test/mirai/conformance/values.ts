import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { EngineName } from '../support/engines.js';
import { miraiError } from '../support/failure.js';
import { kinds } from '../support/kinds.js';
import { mirai, status } from '../support/library.js';
import { sharedPool } from '../support/pool.js';
import { tasks } from '../support/tasks.js';

const { values } = tasks;
const everything = { depth: null, maxArrayLength: null, maxStringLength: null };
const show = (value: unknown) => inspect(value, everything);

export function valuesConform(engine: EngineName): void {
  describe('values', () => {
    sharedPool(engine, 1);

    test.each(kinds)('%s: arrives as an argument as its structured clone', async (_, make) => {
      expect(await mirai(values.show, [make()])).toBe(show(structuredClone(make())));
    });

    test.each(kinds)('%s: comes back as the structured clone', async (_, make) => {
      expect(show(await mirai(values.echo, [make()]))).toBe(show(structuredClone(make())));
    });

    test('a promise or a thenable that a task returns is awaited', async () => {
      expect(await mirai(values.echoLater, ['later'])).toBe('later');
      expect(await mirai(values.echoThenable, ['then'])).toBe('then');
      expect(await mirai((value: string) => Promise.resolve(value), ['source'])).toBe('source');
    });

    test('a value that is given twice is one value in the task, and in the result', async () => {
      const shared = { name: 'shared' };
      expect(await mirai(values.same, [shared, shared])).toBe(true);
      const [first, second] = await mirai((value: object[]) => value, [[shared, shared]]);
      expect(first).toBe(second);
      expect(first).not.toBe(shared);
    });

    test('as many arguments arrive as are given, undefined ones included', async () => {
      expect(await mirai(values.count, [])).toBe(0);
      expect(await mirai(values.count, [undefined, 1, undefined])).toBe(3);
      expect(await mirai((...all: unknown[]) => all.length, [undefined, undefined])).toBe(2);
    });

    test('an error that is returned, not thrown, is a value', async () => {
      const error = new RangeError('only a value', { cause: 'none' });
      const result = await mirai(values.echo, [error]);
      expect(result).toBeInstanceOf(RangeError);
      expect(result).toMatchObject({ message: 'only a value', cause: 'none' });
    });

    test('the bytes of a Buffer arrive, and nothing of the pool that it is a part of', async () => {
      const buffer = Buffer.from('abc');
      expect(await mirai(values.bytes, [buffer])).toEqual([97, 98, 99]);
      expect([...(await mirai((bytes: Uint8Array) => bytes, [buffer]))]).toEqual([97, 98, 99]);
    });

    test.each(uncloneableKinds)('%s as a result is a MiraiError, and the daemon lives on', async (kind) => {
      const before = status().daemons.map(({ id }) => id);
      const error = await miraiError(() => mirai(values.makeUncloneable, [kind]));
      expect(error.code).toBe('miraiError');
      expect(error.message).toMatch(/\S/);
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status().daemons.map(({ id }) => id)).toEqual(before);
    });

    test.each([
      ['a function', () => () => {}],
      ['a symbol', () => Symbol('mine')],
      ['a weak map', () => new WeakMap()],
      ['an object with a method', () => ({ method() {} })],
      ['a promise', () => Promise.resolve()],
      ['a proxy that throws', () => new Proxy({}, { ownKeys: () => fail() })],
      [
        'an object with a getter that throws',
        () => Object.defineProperty({}, 'part', { enumerable: true, get: fail }),
      ],
    ])('%s as an argument is a MiraiError, and nothing is left of the task', async (_, make) => {
      const error = await miraiError(() => mirai(values.echo, [{ inside: make() }]));
      expect(error.code).toBe('miraiError');
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status()).toMatchObject({ mirai: { awaiting: 0, executing: 0 }, memory: { used: 0 } });
    });
  });
}

const uncloneableKinds = [
  'function',
  'symbol',
  'weak map',
  'an object with a method',
  'a promise in an object',
  'a generator',
  'a proxy that throws',
  'an object with a getter that throws',
];

function fail(): never {
  throw new Error('not yours');
}
