import { runInNewContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { DomainPromise } from '../../src/index.js';
import { isConstructor, own } from '../support/built-ins.js';

describe('the DomainPromise constructor', () => {
  test('is a function of one argument with its own name', () => {
    expect(typeof DomainPromise).toBe('function');
    expect(own(DomainPromise, 'length')).toEqual({
      value: 1,
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(own(DomainPromise, 'name')).toEqual({
      value: 'DomainPromise',
      writable: false,
      enumerable: false,
      configurable: true,
    });
    expect(Reflect.ownKeys(DomainPromise).slice(0, 2)).toEqual(['length', 'name']);
  });

  test('keeps its name in a bundle', () => {
    const { outputFiles } = buildSync({
      entryPoints: ['src/domain/domain-promise.ts'],
      bundle: true,
      format: 'iife',
      globalName: 'bundle',
      write: false,
    });
    expect(runInNewContext(`${outputFiles[0]?.text}; bundle.DomainPromise.name`)).toBe('DomainPromise');
  });

  test('refuses to be called without new', () => {
    expect(() => Reflect.apply(DomainPromise, undefined, [() => {}])).toThrow(TypeError);
    expect(() => Reflect.apply(DomainPromise, DomainPromise.resolve(), [() => {}])).toThrow(TypeError);
  });

  test.each([undefined, null, 1, 'text', Symbol('s'), {}])('refuses %s as an executor', (executor) => {
    expect(() => Reflect.construct(DomainPromise, [executor])).toThrow(TypeError);
  });

  test('looks at the executor before the prototype of new.target', () => {
    class Unexpected extends Error {}
    const newTarget = Object.defineProperty(class {}.bind(undefined), 'prototype', {
      get() {
        throw new Unexpected();
      },
    });
    expect(() => Reflect.construct(DomainPromise, ['no function'], newTarget)).toThrow(TypeError);
    expect(() => Reflect.construct(DomainPromise, [() => {}], newTarget)).toThrow(Unexpected);
  });

  test('takes the prototype of new.target, or that of Promise in the realm of new.target', () => {
    const made = Reflect.construct(DomainPromise, [() => {}], class extends Array {});
    expect(made).toBeInstanceOf(Array);
    const [other, otherPrototype] = runInNewContext(
      'const f = new Function(); f.prototype = null; [f, Promise.prototype]',
    );
    expect(Object.getPrototypeOf(Reflect.construct(DomainPromise, [() => {}], other))).toBe(otherPrototype);
  });

  test('calls the executor once, at once, as a plain function with two functions', () => {
    const calls: unknown[] = [];
    const promise = new DomainPromise(function (this: unknown, ...args: unknown[]) {
      calls.push(this, ...args.map((arg) => typeof arg), args.length);
    });
    expect(calls).toEqual([undefined, 'function', 'function', 2]);
    expect(promise).toBeInstanceOf(DomainPromise);
    expect(promise).toBeInstanceOf(Promise);
  });

  test('gives the executor functions of one argument that have no name and construct nothing', () => {
    new DomainPromise((...settle) => {
      for (const fn of settle) {
        expect([fn.length, fn.name]).toEqual([1, '']);
        expect(Reflect.ownKeys(fn)).toEqual(['length', 'name']);
        expect(isConstructor(fn)).toBe(false);
        expect(Object.isExtensible(fn)).toBe(true);
      }
    });
  });

  test('is handed functions of the same kind by its static methods', () => {
    let executor: ((resolve: () => void, reject: () => void) => void) | undefined;
    function NotPromise(given: typeof executor) {
      executor = given;
      given?.(
        () => {},
        () => {},
      );
    }
    Reflect.apply(DomainPromise.resolve, NotPromise, []);
    expect([executor?.length, executor?.name]).toEqual([2, '']);
    expect(Reflect.ownKeys(executor ?? {})).toEqual(['length', 'name']);
    expect(isConstructor(executor)).toBe(false);
  });
});
