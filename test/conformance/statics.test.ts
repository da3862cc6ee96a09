import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { surroundings } from '../support/surroundings.js';

const reason = new RangeError('reason');

type Executor = (
  resolve: (this: unknown, ...args: unknown[]) => void,
  reject: (this: unknown, ...args: unknown[]) => void,
) => void;

const makers = ['resolve', 'reject', 'withResolvers'] as const;
const combinators = ['all', 'allSettled', 'any', 'race'] as const;

/** A static method called on `receiver`. */
function call(
  method: (typeof makers)[number] | (typeof combinators)[number],
  receiver: unknown,
  ...args: unknown[]
): unknown {
  return Reflect.apply(DomainPromise[method], receiver, args);
}

describe.each(surroundings)('%s', (_name, enter) => {
  describe.each([...makers, ...combinators])('DomainPromise.%s', (method) => {
    test.each([undefined, null, 86, 'text', true, Symbol('s')])('refuses the receiver %s', (receiver) => {
      expect(() => enter(() => call(method, receiver, []))).toThrow(TypeError);
    });

    test.each([{}, () => {}, Math.max])('refuses a receiver that constructs nothing: %o', (receiver) => {
      expect(() => enter(() => call(method, receiver, []))).toThrow(TypeError);
    });

    test('throws what its receiver throws when it constructs', () => {
      class Refusing {
        constructor() {
          throw reason;
        }
      }
      expect(() => enter(() => call(method, Refusing, []))).toThrow(reason);
    });

    test('makes promises of any kind', () => {
      const own = class extends Array {
        static resolve = (value: unknown) => value;
        constructor(executor: Executor) {
          super();
          executor(
            () => {},
            () => {},
          );
        }
      };
      const made = enter(() => call(method, own, []));
      expect(method === 'withResolvers' ? Reflect.get(Object(made), 'promise') : made).toBeInstanceOf(own);
    });
  });

  // Not withResolvers: docs/conformance.md says why.
  describe.each(['resolve', 'reject', ...combinators] as const)('DomainPromise.%s', (method) => {
    test.each([
      ['no executor', () => {}],
      ['an executor with no functions', (executor: Executor) => Reflect.apply(executor, undefined, [])],
      ['an executor with what are none', (executor: Executor) => Reflect.apply(executor, undefined, [1, 2])],
    ])('refuses a receiver that calls %s', (_what, use) => {
      function Receiver(executor: Executor) {
        use(executor);
      }
      expect(() => enter(() => call(method, Receiver, []))).toThrow(TypeError);
    });

    test('refuses a receiver that calls the executor twice with functions', () => {
      const log: string[] = [];
      function Receiver(executor: Executor) {
        Reflect.apply(executor, undefined, []);
        log.push('nothing, nothing');
        executor(
          () => {},
          () => {},
        );
        log.push('both');
        executor(
          () => {},
          () => {},
        );
        log.push('never');
      }
      expect(() => enter(() => call(method, Receiver, []))).toThrow(TypeError);
      expect(log).toEqual(['nothing, nothing', 'both']);
    });
  });

  describe.each(['resolve', 'reject'] as const)('DomainPromise.%s', (method) => {
    test('calls the function that it was handed once, alone, with the argument', () => {
      const calls: unknown[] = [];
      function Receiver(executor: Executor) {
        const record = (name: string) =>
          function (this: unknown, ...args: unknown[]) {
            calls.push(name, this, args);
          };
        executor(record('resolve'), record('reject'));
        expect(calls).toEqual([]);
      }
      enter(() => call(method, Receiver, 'argument', 'ignored'));
      expect(calls).toEqual([method, undefined, ['argument']]);
    });

    test('throws what that function throws', () => {
      const refuse = () => {
        throw reason;
      };
      function Receiver(executor: Executor) {
        executor(refuse, refuse);
      }
      expect(() => enter(() => call(method, Receiver, 1))).toThrow(reason);
    });
  });

  test('DomainPromise.resolve gives back a promise whose constructor it is, whatever its prototype', () => {
    class Own<T> extends DomainPromise<T> {}
    const pairs = enter(() => {
      const own = Own.resolve(1);
      const foreign = Object.defineProperty(Promise.resolve(1), 'constructor', { value: DomainPromise });
      const disguised = Object.defineProperty(DomainPromise.resolve(1), 'constructor', { value: Promise });
      const promise = DomainPromise.resolve(1);
      return [
        [DomainPromise.resolve(promise), promise, true],
        [Own.resolve(own), own, true],
        [DomainPromise.resolve(foreign), foreign, true],
        [DomainPromise.resolve(own), own, false],
        [Own.resolve(promise), promise, false],
        [DomainPromise.resolve(disguised), disguised, false],
        [Promise.resolve(promise), promise, false],
      ] as const;
    });
    expect(pairs.map(([got, given]) => got === given)).toEqual(pairs.map(([, , same]) => same));
  });

  test('DomainPromise.resolve throws what reading the constructor throws', () => {
    const promise = Object.defineProperty(DomainPromise.resolve(), 'constructor', {
      get() {
        throw reason;
      },
    });
    expect(() => enter(() => DomainPromise.resolve(promise))).toThrow(reason);
  });

  test('DomainPromise.from gives back every domain promise, and follows any other promise', async () => {
    class Own<T> extends DomainPromise<T> {}
    const own = Own.resolve(1);
    expect(enter(() => DomainPromise.from(own))).toBe(own);
    const native = Promise.resolve(1);
    const followed = enter(() => DomainPromise.from(native));
    expect(followed).not.toBe(native);
    expect(Object.getPrototypeOf(followed)).toBe(DomainPromise.prototype);
    expect(await followed).toBe(1);
  });

  test('DomainPromise.from rejects where a thenable cannot even be looked at', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    await expect(enter(() => DomainPromise.from(proxy))).rejects.toThrow(TypeError);
  });

  test('DomainPromise.reject makes another promise of a promise', async () => {
    const promise = DomainPromise.resolve(1);
    const rejected = enter(() => DomainPromise.reject(promise));
    expect(rejected).not.toBe(promise);
    expect(await rejected.catch((got: unknown) => got === promise)).toBe(true);
  });

  test('DomainPromise.withResolvers gives an ordinary object of three enumerable properties', async () => {
    const resolvers = enter(() => DomainPromise.withResolvers<number>());
    expect(Object.getPrototypeOf(resolvers)).toBe(Object.prototype);
    expect(Object.keys(resolvers)).toEqual(['promise', 'resolve', 'reject']);
    const { promise, resolve, reject } = resolvers;
    for (const fn of [resolve, reject]) expect([fn.length, fn.name]).toEqual([1, '']);
    resolve(1);
    reject(reason);
    resolve(2);
    expect(await promise).toBe(1);
  });

  test('DomainPromise.withResolvers, an exception, trusts a receiver that calls no executor', () => {
    const made = enter(() => call('withResolvers', class Silent {}));
    expect(Object.keys(Object(made))).toEqual(['promise']);
  });
});
