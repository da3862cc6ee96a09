import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { surroundings } from '../support/surroundings.js';

const reason = new RangeError('reason');
const combinators = ['all', 'allSettled', 'any', 'race'] as const;
type Method = (typeof combinators)[number];

const refuse = () => {
  throw reason;
};
const poisoned = Object.defineProperty({}, 'then', { get: refuse });

function combine(method: Method, receiver: unknown, values: unknown): DomainPromise<unknown> {
  return Reflect.apply(DomainPromise[method], receiver, [values]);
}

/** An iterable that counts its steps and whether it is closed, without end unless `step` says so. */
function watched(step: () => unknown = () => ({ value: 1, done: false }), close: unknown = () => ({})) {
  const counts = { next: 0, return: 0 };
  const iterator = {
    next() {
      counts.next += 1;
      return step();
    },
    get return() {
      counts.return += 1;
      return close;
    },
  };
  return { counts, iterable: { [Symbol.iterator]: () => iterator } };
}

describe.each(surroundings)('%s', (_name, enter) => {
  describe.each(combinators)('DomainPromise.%s', (method) => {
    test.each([undefined, null, 1, true, Symbol('s'), {}, { [Symbol.iterator]: 1 }])(
      'rejects what cannot be iterated: %o',
      async (values) => {
        await expect(enter(() => combine(method, DomainPromise, values))).rejects.toThrow(TypeError);
      },
    );

    test.each([undefined, null, 1, 'text', Symbol('s')])(
      'rejects an iterator that is %s',
      async (iterator) => {
        const values = { [Symbol.iterator]: () => iterator };
        await expect(enter(() => combine(method, DomainPromise, values))).rejects.toThrow(TypeError);
      },
    );

    test.each([
      ['Symbol.iterator cannot be read', Object.defineProperty({}, Symbol.iterator, { get: refuse })],
      ['no iterator is made', { [Symbol.iterator]: refuse }],
    ])('rejects with the error where %s', async (_what, values) => {
      await expect(enter(() => combine(method, DomainPromise, values))).rejects.toBe(reason);
    });

    test.each([
      ['next() throws', refuse],
      ['done throws', () => Object.defineProperty({}, 'done', { get: refuse })],
      ['value throws', () => Object.defineProperty({ done: false }, 'value', { get: refuse })],
    ])('rejects with the error and leaves the iterator alone where %s', async (_what, step) => {
      const { iterable, counts } = watched(step);
      await expect(enter(() => combine(method, DomainPromise, iterable))).rejects.toBe(reason);
      expect(counts).toEqual({ next: 1, return: 0 });
    });

    describe('closes the iterator and rejects with the error where', () => {
      test.each([
        ['resolve throws', { resolve: { value: refuse } }],
        ['the then of an element cannot be read', { resolve: { value: () => poisoned } }],
        ['the then of an element throws', { resolve: { value: () => ({ then: refuse }) } }],
      ])('%s', async (_what, properties) => {
        const Receiver = Object.defineProperties(class extends DomainPromise<unknown> {}, properties);
        const { iterable, counts } = watched();
        await expect(enter(() => combine(method, Receiver, iterable))).rejects.toBe(reason);
        expect(counts).toEqual({ next: 1, return: 1 });
      });

      test.each([undefined, null, refuse, () => 1])('return is %o, too', async (close) => {
        const Receiver = Object.defineProperties(class extends DomainPromise<unknown> {}, {
          resolve: { value: refuse },
        });
        const { iterable, counts } = watched(undefined, close);
        await expect(enter(() => combine(method, Receiver, iterable))).rejects.toBe(reason);
        expect(counts.return).toBe(1);
      });
    });

    test.each([undefined, 1, 'text', {}])('rejects without a step where resolve is %o', async (resolve) => {
      const Receiver = Object.defineProperties(class extends DomainPromise<unknown> {}, {
        resolve: { value: resolve },
      });
      const { iterable, counts } = watched();
      await expect(enter(() => combine(method, Receiver, iterable))).rejects.toThrow(TypeError);
      expect(counts).toEqual({ next: 0, return: 0 });
    });
  });
});
