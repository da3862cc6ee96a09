import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { isConstructor } from '../support/built-ins.js';
import { surroundings } from '../support/surroundings.js';

const combinators = ['all', 'allSettled', 'any', 'race'] as const;
type Method = (typeof combinators)[number];
type Callback = (value?: unknown) => void;

function combine(method: Method, receiver: unknown, values: unknown): unknown {
  return Reflect.apply(DomainPromise[method], receiver, [values]);
}

/** A constructor that keeps what it is settled with, and whose elements are thenables used as they are. */
function recorder() {
  const settled: unknown[] = [];
  const own: [resolve: Callback, reject: Callback] = [
    (value) => settled.push(value),
    (why) => settled.push(why),
  ];
  function Receiver(executor: (resolve: Callback, reject: Callback) => void) {
    executor(...own);
  }
  Receiver.resolve = (value: unknown) => value;
  return { Receiver, settled, own };
}

/** A thenable that hands out the callbacks that it is given. */
function keeping() {
  const kept: Callback[] = [];
  return { kept, then: (...callbacks: Callback[]) => kept.push(...callbacks) };
}

describe.each(surroundings)('%s', (_name, enter) => {
  describe.each(combinators)('DomainPromise.%s', (method) => {
    test('reads resolve once and calls it on its receiver for every element', () => {
      let reads = 0;
      const calls: unknown[][] = [];
      const Receiver = Object.defineProperty(class extends DomainPromise<unknown> {}, 'resolve', {
        get() {
          reads += 1;
          return function (this: unknown, ...args: unknown[]) {
            calls.push([this, ...args]);
            return { then() {} };
          };
        },
      });
      enter(() => combine(method, Receiver, ['a', 'b']));
      expect(reads).toBe(1);
      expect(calls).toEqual([
        [Receiver, 'a'],
        [Receiver, 'b'],
      ]);
    });

    test('calls the then of every element once, on it, with two functions', () => {
      const { Receiver, own } = recorder();
      const elements = [keeping(), keeping()];
      enter(() => combine(method, Receiver, elements));
      for (const { kept } of elements) {
        expect(kept).toHaveLength(2);
        for (const fn of kept.filter((fn) => !own.includes(fn))) {
          expect([fn.length, fn.name]).toEqual([1, '']);
          expect(Reflect.ownKeys(fn)).toEqual(['length', 'name']);
          expect(isConstructor(fn)).toBe(false);
        }
      }
    });

    test('looks at no species', () => {
      const { Receiver } = recorder();
      Object.defineProperty(Receiver, Symbol.species, {
        get() {
          throw new Error('read the species');
        },
      });
      expect(enter(() => combine(method, Receiver, []))).toBeInstanceOf(Receiver);
    });
  });
});

describe('the functions for the elements', () => {
  const settle = (method: Method, nth: 0 | 1) => {
    const { Receiver, settled, own } = recorder();
    const elements = [keeping(), keeping()] as const;
    combine(method, Receiver, elements);
    const call = (element: 0 | 1, value: unknown) => elements[element].kept[nth]?.(value);
    return { call, settled, elements, own };
  };

  test.each([
    ['all', 0, ['a', 'b']],
    [
      'allSettled',
      0,
      [
        { status: 'fulfilled', value: 'a' },
        { status: 'fulfilled', value: 'b' },
      ],
    ],
    [
      'allSettled',
      1,
      [
        { status: 'rejected', reason: 'a' },
        { status: 'rejected', reason: 'b' },
      ],
    ],
    ['any', 1, expect.objectContaining({ errors: ['a', 'b'] })],
  ] as const)('of %s (%i) count once each, in the order of the elements', (method, nth, outcome) => {
    const { call, settled } = settle(method, nth);
    call(1, 'b');
    call(1, 'again');
    call(1, 'and again');
    expect(settled).toEqual([]);
    call(0, 'a');
    expect(settled).toEqual([outcome]);
    call(0, 'again');
    expect(settled).toEqual([outcome]);
  });

  test('of allSettled count once, whichever of the two is called', () => {
    const { settled, elements } = settle('allSettled', 0);
    const [fulfil, reject] = elements[0].kept;
    reject?.('a');
    fulfil?.('late');
    elements[1].kept[0]?.('b');
    expect(settled).toEqual([
      [
        { status: 'rejected', reason: 'a' },
        { status: 'fulfilled', value: 'b' },
      ],
    ]);
  });

  test.each([
    ['all', 1],
    ['race', 0],
    ['race', 1],
    ['any', 0],
  ] as const)('of %s (%i) are those of the promise that it made', (method, nth) => {
    const { elements, own } = settle(method, nth);
    for (const { kept } of elements) expect(kept[nth]).toBe(own[nth]);
  });

  test.each([
    ['all', 0],
    ['allSettled', 0],
    ['allSettled', 1],
    ['any', 1],
  ] as const)('of %s (%i) are one an element', (method, nth) => {
    const { elements } = settle(method, nth);
    expect(elements[0].kept[nth]).not.toBe(elements[1].kept[nth]);
  });

  test.each(['all', 'allSettled', 'any'] as const)(
    'of %s settle nothing before the iteration is over',
    (method) => {
      const { Receiver, settled } = recorder();
      const before: unknown[] = [];
      combine(method, Receiver, [
        { then: (fulfil: Callback, reject: Callback) => (method === 'any' ? reject : fulfil)(1) },
        {
          then(fulfil: Callback, reject: Callback) {
            before.push(...settled);
            (method === 'any' ? reject : fulfil)(2);
          },
        },
      ]);
      expect(before).toEqual([]);
      expect(settled).toHaveLength(1);
    },
  );

  test.each(['all', 'allSettled'] as const)('of %s make an array whatever its prototype does', (method) => {
    let got: unknown;
    function Receiver(executor: (resolve: Callback, reject: Callback) => void) {
      executor(
        (value) => {
          got = value;
        },
        () => {},
      );
    }
    Receiver.resolve = () => ({ then: (fulfil: Callback) => fulfil(42) });
    Object.defineProperty(Array.prototype, 0, { set() {}, configurable: true });
    try {
      combine(method, Receiver, new Set([1]));
    } finally {
      Reflect.deleteProperty(Array.prototype, 0);
    }
    expect(got).toEqual(method === 'all' ? [42] : [{ status: 'fulfilled', value: 42 }]);
  });
});
