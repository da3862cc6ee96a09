import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  type PromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';

const domain: PromiseDomain = { name: 'domain' };
const nothing = () => {};

class Sub<T> extends DomainPromise<T> {
  readonly own = 'own';
}

describe('a DomainPromise', () => {
  test('is a Promise', () => {
    const promise = DomainPromise.resolve();
    expect(promise).toBeInstanceOf(Promise);
    expect(Object.prototype.toString.call(promise)).toBe('[object Promise]');
    expect(promise.constructor).toBe(DomainPromise);
    expect([DomainPromise.name, DomainPromise.length]).toEqual(['DomainPromise', 1]);
  });

  test.each([
    ['outside a domain', (fn: () => void) => fn()],
    ['inside one', (fn: () => void) => withPromiseDomain(domain, fn)],
  ])('gives a DomainPromise by then(), catch() and finally(), %s', (_where, run) => {
    run(() => {
      const promise = DomainPromise.resolve();
      for (const derived of [promise.then(nothing), promise.catch(nothing), promise.finally(nothing)]) {
        expect(Object.getPrototypeOf(derived)).toBe(DomainPromise.prototype);
        expect(derived).not.toBe(promise);
      }
    });
  });

  test('has then and constructor as accessors of the prototype that do not enumerate', () => {
    for (const key of ['then', 'constructor'] as const) {
      expect(Object.getOwnPropertyDescriptor(DomainPromise.prototype, key)).toEqual({
        get: expect.any(Function),
        set: expect.any(Function),
        enumerable: false,
        configurable: true,
      });
    }
    expect(Object.keys(DomainPromise.resolve())).toEqual([]);
  });

  test('hands out the same then every time', () => {
    expect(DomainPromise.resolve().then).toBe(new Sub(nothing).then);
  });

  test('refuses to call then() on what is no promise', () => {
    const { then } = DomainPromise.prototype;
    expect(() => then.call({} as never, nothing)).toThrow(TypeError); // cast: the type forbids it
  });

  test('settles with what a native promise would: values, reasons, promises, thenables', async () => {
    expect(await new DomainPromise((resolve) => resolve(1))).toBe(1);
    expect(await new DomainPromise((resolve) => resolve(Promise.resolve(2)))).toBe(2);
    expect(await new DomainPromise((resolve) => resolve(DomainPromise.resolve(3)))).toBe(3);
    await expect(new DomainPromise((_resolve, reject) => reject('reason'))).rejects.toBe('reason');
    await expect(
      new DomainPromise(() => {
        throw new Error('from the executor');
      }),
    ).rejects.toThrow('from the executor');
  });
});

describe('assignment', () => {
  test('to then shadows it on that promise, for an await too', async () => {
    const promise: DomainPromise<unknown> = DomainPromise.resolve('value');
    // Reason for the cast: the types of a promise forbid what is tested here.
    const shadow = ((onFulfilled: (value: string) => void) => onFulfilled('shadowed')) as never;
    promise.then = shadow;
    expect(promise.then).toBe(shadow);
    expect(Object.getOwnPropertyDescriptor(promise, 'then')).toEqual({
      value: shadow,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    expect(await promise).toBe('shadowed');
    expect(await DomainPromise.resolve('value')).toBe('value');
  });

  test('to constructor shadows it on that promise, and then() takes its species from there', () => {
    const promise = DomainPromise.resolve();
    promise.constructor = Promise;
    expect(promise.constructor).toBe(Promise);
    expect(promise.then(nothing)).not.toBeInstanceOf(DomainPromise);
    promise.constructor = Sub;
    expect(promise.then(nothing)).toBeInstanceOf(Sub);
    expect(DomainPromise.resolve().constructor).toBe(DomainPromise);
  });

  test('to a promise that cannot be changed throws', () => {
    const promise: DomainPromise<void> = Object.freeze(DomainPromise.resolve());
    expect(() => {
      promise.then = nothing as never; // cast: any function will do
    }).toThrow(TypeError);
  });
});

describe('a subclass', () => {
  test('gives promises of its own by then(), catch(), finally() and its statics', () => {
    const promise = new Sub<void>((resolve) => resolve());
    for (const made of [
      promise.then(nothing),
      promise.catch(nothing),
      withPromiseDomain(domain, () => promise.finally(nothing)),
      Sub.resolve(),
      Sub.all([]),
      Sub.allSettled([]),
      Sub.race([]),
      Sub.withResolvers().promise,
    ]) {
      expect(made).toBeInstanceOf(Sub);
      expect((made as Sub<unknown>).own).toBe('own'); // cast: checked one line above
    }
    expect(promise.constructor).toBe(Sub);
  });

  test('captures the domain', async () => {
    const look = () => currentPromiseDomain();
    const promise = new Sub<void>((resolve) => resolve());
    expect(await withPromiseDomain(domain, () => promise.then(look))).toBe(domain);
  });

  test('may override then(), which catch() and finally() call', async () => {
    let calls = 0;
    class Counting<T> extends DomainPromise<T> {
      override then<R1 = T, R2 = never>(
        onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
        onRejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
      ) {
        calls += 1;
        return super.then(onFulfilled, onRejected);
      }
    }
    const promise = new Counting<void>((resolve) => resolve());
    await withPromiseDomain(domain, () => promise.catch(nothing).finally(nothing));
    expect(calls).toBeGreaterThanOrEqual(3);
  });

  test('decides by Symbol.species what then() gives', () => {
    class Plain<T> extends DomainPromise<T> {
      static override get [Symbol.species]() {
        return Promise;
      }
    }
    const derived = new Plain<void>((resolve) => resolve()).then(nothing);
    expect(derived).toBeInstanceOf(Promise);
    expect(derived).not.toBeInstanceOf(DomainPromise);
  });

  test('sees the true constructor of other promises while one of its own is being derived', () => {
    const other = DomainPromise.resolve();
    const seen: unknown[] = [];
    class Looking<T> extends DomainPromise<T> {
      constructor(executor: ConstructorParameters<typeof Promise<T>>[0]) {
        super(executor);
        seen.push(other.constructor, DomainPromise.resolve(other));
      }
    }
    void new Looking<void>((resolve) => resolve()).then(nothing);
    expect(seen).toEqual([DomainPromise, other, DomainPromise, other]);
  });
});
