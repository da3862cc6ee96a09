import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { isConstructor } from '../support/built-ins.js';
import { surroundings } from '../support/surroundings.js';

const reason = new RangeError('reason');
const methods = ['catch', 'finally'] as const;
const notFunctions = [undefined, null, 1, 'text', Symbol('s'), {}];

function call(method: (typeof methods)[number], receiver: unknown, ...args: unknown[]): unknown {
  return Reflect.apply(DomainPromise.prototype[method], receiver, args);
}

/** An object with a `then` that returns `result` and keeps its receiver and arguments. */
function recording(result: unknown) {
  const calls: unknown[][] = [];
  return {
    calls,
    target: {
      then(...args: unknown[]) {
        calls.push([this, ...args]);
        return result;
      },
    },
  };
}

describe.each(surroundings)('%s', (_name, enter) => {
  describe.each(methods)('%s()', (method) => {
    test('returns what the then of its receiver returns', () => {
      const result = { a: 'result' };
      const { target, calls } = recording(result);
      expect(enter(() => call(method, target, 'callback', 'ignored'))).toBe(result);
      expect(calls).toEqual([[target, method === 'catch' ? undefined : 'callback', 'callback']]);
      expect(calls[0]?.[0]).toBe(target);
    });

    test.each([undefined, null])('refuses to be called on %s', (receiver) => {
      expect(() => enter(() => call(method, receiver, () => {}))).toThrow(TypeError);
    });

    test.each(notFunctions)('refuses a receiver whose then is %o', (then) => {
      expect(() => enter(() => call(method, { then }, () => {}))).toThrow(TypeError);
    });

    test('throws what reading then and what then throws', () => {
      const refuse = () => {
        throw reason;
      };
      const poisoned = Object.defineProperty({}, 'then', { get: refuse });
      expect(() => enter(() => call(method, poisoned, () => {}))).toThrow(reason);
      expect(() => enter(() => call(method, { then: refuse }, () => {}))).toThrow(reason);
    });

    test('works on a proxy of a promise by its then', () => {
      const result = { a: 'result' };
      const proxy = new Proxy(DomainPromise.resolve(), {
        get: (target, key) => (key === 'then' ? () => result : Reflect.get(target, key)),
      });
      expect(enter(() => call(method, proxy, () => {}))).toBe(result);
    });
  });

  test('catch() on a primitive calls the then of its prototype', () => {
    const receivers: unknown[] = [];
    const then = function (this: unknown) {
      receivers.push(typeof this);
    };
    for (const prototype of [Boolean.prototype, Number.prototype, String.prototype, Symbol.prototype]) {
      Object.defineProperty(prototype, 'then', { value: then, configurable: true });
      try {
        enter(() => call('catch', prototype === Symbol.prototype ? Symbol('s') : prototype.valueOf()));
      } finally {
        Reflect.deleteProperty(prototype, 'then');
      }
    }
    expect(receivers).toEqual(['boolean', 'number', 'string', 'symbol']);
  });

  test.each([1, true, 'text', Symbol('s')])('finally() refuses the primitive %s', (receiver) => {
    expect(() => enter(() => call('finally', receiver, () => {}))).toThrow(TypeError);
  });

  test('catch() passes a value on, and calls back with a reason', async () => {
    const value = { a: 'value' };
    const fail = () => {
      throw new Error('called');
    };
    expect(await enter(() => DomainPromise.resolve(value).catch(fail))).toBe(value);
    expect(await enter(() => DomainPromise.reject(reason).catch((got) => got))).toBe(reason);
  });
});

describe('what finally() hands to then', () => {
  const { target, calls } = recording(undefined);
  call('finally', target, () => {});
  const handed = calls[0]?.slice(1) ?? [];

  test('are two functions of one argument, no names, and no way to construct', () => {
    expect(handed).toHaveLength(2);
    for (const fn of handed) {
      if (typeof fn !== 'function') throw new TypeError('expected a function');
      expect([fn.length, fn.name]).toEqual([1, '']);
      expect(isConstructor(fn)).toBe(false);
    }
    expect(handed[0]).not.toBe(handed[1]);
  });
});
