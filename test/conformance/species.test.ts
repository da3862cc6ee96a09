import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { surroundings } from '../support/surroundings.js';

type Executor = ConstructorParameters<typeof DomainPromise<unknown>>[0];

/** A promise whose `constructor` is `value`. */
function withConstructor(value: unknown): DomainPromise<unknown> {
  return Object.defineProperty(DomainPromise.resolve('value'), 'constructor', { value });
}

/** A subclass that reports each construction. */
function countedSubclass() {
  let constructed = 0;
  class Counted<T> extends DomainPromise<T> {
    constructor(executor: ConstructorParameters<typeof DomainPromise<T>>[0]) {
      super(executor);
      constructed += 1;
    }
  }
  return { Counted, constructed: () => constructed };
}

describe.each(surroundings)('a subclass %s', (_name, enter) => {
  const { Counted } = countedSubclass();

  test('makes its own kind by then, catch and finally', () => {
    const promise = enter(() => Counted.resolve());
    for (const derived of enter(() => [promise.then(), promise.catch(), promise.finally()]))
      expect(derived).toBeInstanceOf(Counted);
  });

  test('makes its own kind by every static method but from', async () => {
    const made = enter(() => [
      Counted.resolve(),
      Counted.all([]),
      Counted.allSettled([]),
      Counted.race([]),
      Counted.any([1]),
      Counted.withResolvers().promise,
    ]);
    for (const promise of made) expect(promise).toBeInstanceOf(Counted);
    const rejected = enter(() => Counted.reject('reason'));
    expect(rejected).toBeInstanceOf(Counted);
    await expect(rejected).rejects.toBe('reason');
    expect(Object.getPrototypeOf(Counted.from(1))).toBe(DomainPromise.prototype);
  });

  test('constructs one promise a then()', () => {
    const { Counted, constructed } = countedSubclass();
    const promise = enter(() => Counted.resolve());
    expect(constructed()).toBe(1);
    enter(() => promise.then(() => {}));
    expect(constructed()).toBe(2);
  });

  test.each([
    ['fulfilled', (Class: typeof DomainPromise) => Class.resolve()],
    ['rejected', (Class: typeof DomainPromise) => Class.reject()],
  ])('constructs as many promises for a %s finally as one of Promise does', async (_state, make) => {
    let native = 0;
    class Native<T> extends Promise<T> {
      constructor(executor: ConstructorParameters<typeof Promise<T>>[0]) {
        super(executor);
        native += 1;
      }
    }
    const { Counted, constructed } = countedSubclass();
    // Reason for the casts: the two classes have the members of Promise that the program uses.
    const program = (Class: unknown) => make(Class as typeof DomainPromise).finally(() => {});
    await Promise.allSettled([program(Native)]);
    await Promise.allSettled([enter(() => program(Counted))]);
    expect(constructed()).toBe(native);
  });

  test('whose species is another class makes that kind', () => {
    class Plain<T> extends DomainPromise<T> {
      static override get [Symbol.species]() {
        return Promise;
      }
    }
    const promise = enter(() => Plain.resolve());
    for (const derived of enter(() => [promise.then(), promise.catch(), promise.finally()]))
      expect(Object.getPrototypeOf(derived)).toBe(Promise.prototype);
  });

  test('sees whole domain promises while then() constructs one', () => {
    const seen: boolean[] = [];
    class Nosy<T> extends DomainPromise<T> {
      constructor(executor: ConstructorParameters<typeof DomainPromise<T>>[0]) {
        super(executor);
        const other = DomainPromise.resolve();
        seen.push(other.constructor === DomainPromise, DomainPromise.resolve(other) === other);
      }
    }
    enter(() => new Nosy(() => {}).then());
    expect(seen).toEqual([true, true, true, true]);
  });
});

describe('then() takes what to construct', () => {
  test('from constructor, which it reads once', () => {
    let reads = 0;
    const promise = Object.defineProperty(DomainPromise.resolve(), 'constructor', {
      get() {
        reads += 1;
        // Whatever runs here may use domain promises of its own.
        expect(DomainPromise.resolve().constructor).toBe(DomainPromise);
        return DomainPromise;
      },
    });
    expect(promise.then()).toBeInstanceOf(DomainPromise);
    expect(reads).toBe(1);
  });

  test.each([undefined, Object.assign(() => {}, { [Symbol.species]: undefined })])(
    'as Promise where there is none: %o',
    (value) => {
      expect(Object.getPrototypeOf(withConstructor(value).then())).toBe(Promise.prototype);
    },
  );

  test.each([null, 1, 'text', Symbol('s')])('and refuses %o as constructor', (value) => {
    const promise = withConstructor(value);
    expect(() => promise.then()).toThrow(TypeError);
    expect(DomainPromise.resolve().constructor).toBe(DomainPromise);
  });

  test.each([1, 'text', {}, () => {}])('and refuses %o as species', (species) => {
    expect(() => withConstructor({ [Symbol.species]: species }).then()).toThrow(TypeError);
  });

  test('and throws what reading that throws', () => {
    const refusal = new RangeError('no species');
    const refuse = () => {
      throw refusal;
    };
    const promise = Object.defineProperty(DomainPromise.resolve(), 'constructor', { get: refuse });
    expect(() => promise.then()).toThrow(refusal);
    const other = withConstructor(Object.defineProperty({}, Symbol.species, { get: refuse }));
    expect(() => other.then()).toThrow(refusal);
    const third = withConstructor({
      [Symbol.species]: class {
        constructor() {
          refuse();
        }
      },
    });
    expect(() => third.then()).toThrow(refusal);
    expect(DomainPromise.resolve().constructor).toBe(DomainPromise);
  });

  test('and uses the resolve and reject functions that the species hands over', async () => {
    const log: unknown[] = [];
    const made = { made: true };
    function Species(executor: Executor) {
      executor(
        (value) => log.push(['resolve', value]),
        (reason) => log.push(['reject', reason]),
      );
      return made;
    }
    const promise = withConstructor({ [Symbol.species]: Species });
    expect(promise.then((value) => `${value} passed`)).toBe(made);
    expect(
      promise.then(() => {
        throw 'thrown';
      }),
    ).toBe(made);
    await Promise.resolve(); // the callbacks have run by then
    expect(log).toEqual([
      ['resolve', 'value passed'],
      ['reject', 'thrown'],
    ]);
  });

  test.each([
    ['never', () => {}],
    ['with no functions', (executor: Executor) => Reflect.apply(executor, undefined, [1, 2])],
    ['with one function', (executor: Executor) => Reflect.apply(executor, undefined, [() => {}])],
    [
      'twice',
      (executor: Executor) => {
        executor(
          () => {},
          () => {},
        );
        executor(
          () => {},
          () => {},
        );
      },
    ],
  ])('and refuses a species that calls the executor %s', (_times, call) => {
    function Species(executor: Executor) {
      call(executor);
    }
    expect(() => withConstructor({ [Symbol.species]: Species }).then()).toThrow(TypeError);
  });

  test('from the species that DomainPromise inherits, or is given', () => {
    expect(DomainPromise[Symbol.species]).toBe(DomainPromise);
    expect(Object.hasOwn(DomainPromise, Symbol.species)).toBe(false);
    Object.defineProperty(DomainPromise, Symbol.species, { value: Promise, configurable: true });
    try {
      expect(Object.getPrototypeOf(DomainPromise.resolve().then())).toBe(Promise.prototype);
    } finally {
      Reflect.deleteProperty(DomainPromise, Symbol.species);
    }
    expect(DomainPromise.resolve().then()).toBeInstanceOf(DomainPromise);
  });
});
