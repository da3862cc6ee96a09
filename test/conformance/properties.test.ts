import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { isConstructor, own } from '../support/built-ins.js';

const method = { writable: true, enumerable: false, configurable: true };

describe('the properties of DomainPromise', () => {
  test('are its own from, resolve and withResolvers, and those of Promise', () => {
    expect(Reflect.ownKeys(DomainPromise).sort()).toEqual([
      'from',
      'length',
      'name',
      'prototype',
      'resolve',
      'withResolvers',
    ]);
    expect(Object.getPrototypeOf(DomainPromise)).toBe(Promise);
    for (const key of ['all', 'allSettled', 'any', 'race', 'reject', 'try'] as const)
      expect(Reflect.get(DomainPromise, key)).toBe(Reflect.get(Promise, key));
  });

  test.each([
    ['from', 1],
    ['resolve', 1],
    ['withResolvers', 0],
  ] as const)('%s is a method with that name and length %i', (name, length) => {
    expect(own(DomainPromise, name)).toEqual({ value: DomainPromise[name], ...method });
    expect([DomainPromise[name].name, DomainPromise[name].length]).toEqual([name, length]);
    expect(isConstructor(DomainPromise[name])).toBe(false);
  });

  test('have a prototype that cannot be replaced', () => {
    expect(own(DomainPromise, 'prototype')).toEqual({
      value: DomainPromise.prototype,
      writable: false,
      enumerable: false,
      configurable: false,
    });
  });
});

describe('the properties of DomainPromise.prototype', () => {
  test('are constructor, then and finally, and those of Promise.prototype', () => {
    expect(Reflect.ownKeys(DomainPromise.prototype).sort()).toEqual(['constructor', 'finally', 'then']);
    expect(Object.getPrototypeOf(DomainPromise.prototype)).toBe(Promise.prototype);
    expect(DomainPromise.prototype.catch).toBe(Promise.prototype.catch);
    expect(DomainPromise.prototype[Symbol.toStringTag]).toBe('Promise');
    expect(String(DomainPromise.resolve())).toBe('[object Promise]');
  });

  test('show up in no enumeration, and an instance has none of its own', () => {
    const promise = DomainPromise.resolve();
    const enumerated: string[] = [];
    for (const key in promise) enumerated.push(key);
    expect(enumerated).toEqual([]);
    expect(Reflect.ownKeys(promise)).toEqual([]);
    expect(JSON.stringify(promise)).toBe('{}');
  });

  test.each([
    ['then', 2],
    ['catch', 1],
    ['finally', 1],
  ] as const)('give %s that name and length %i', (name, length) => {
    const value = DomainPromise.prototype[name];
    expect([value.name, value.length]).toEqual([name, length]);
  });

  test.each(['then', 'catch', 'finally'] as const)('give %s no way to construct', (name) => {
    expect(isConstructor(DomainPromise.prototype[name])).toBe(false);
  });

  test('finally is a method as in Promise.prototype', () => {
    expect(own(DomainPromise.prototype, 'finally')).toEqual({
      value: DomainPromise.prototype.finally,
      ...method,
    });
  });

  test('no method of a promise works on the prototype, which is no promise', () => {
    const { then } = DomainPromise.prototype;
    expect(() => Reflect.apply(then, DomainPromise.prototype, [() => {}])).toThrow(TypeError);
  });
});

describe('the exception: then and constructor are accessors', () => {
  test.each(['then', 'constructor'] as const)(
    '%s is one that can be configured and is not enumerable',
    (key) => {
      expect(own(DomainPromise.prototype, key)).toEqual({
        get: expect.any(Function),
        set: expect.any(Function),
        enumerable: false,
        configurable: true,
      });
    },
  );

  test('reading gives the same function each time', () => {
    const promise = DomainPromise.resolve();
    expect(promise.then).toBe(promise.then);
    expect(promise.then).toBe(DomainPromise.prototype.then);
    expect(promise.constructor).toBe(DomainPromise);
    expect(DomainPromise.prototype.constructor).toBe(DomainPromise);
  });

  test.each(['then', 'constructor'] as const)(
    'assigning to %s of a promise shadows it for that promise',
    (key) => {
      const promise = DomainPromise.resolve();
      const value = () => 'shadow';
      expect(Reflect.set(promise, key, value)).toBe(true);
      expect(own(promise, key)).toEqual({ value, writable: true, enumerable: true, configurable: true });
      expect(Reflect.get(DomainPromise.resolve(), key)).not.toBe(value);
    },
  );

  test('assigning to one of a frozen promise throws, as it does in strict code', () => {
    const promise = Object.freeze(DomainPromise.resolve());
    expect(() => Object.assign(promise, { then: () => {} })).toThrow(TypeError);
  });

  test('a subclass shadows them by its own members', () => {
    class Loud extends DomainPromise<string> {
      override then(): never {
        throw new Error('shadowed');
      }
    }
    const promise = new Loud(() => {});
    expect(promise.constructor).toBe(Loud);
    expect(() => promise.then()).toThrow('shadowed');
  });
});
