import { trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { withOtelSpan } from '../../src/index.js';
import { registrations } from '../support/registrations.js';
import { activeName, managers, startTracing } from '../support/tracing.js';

/** Counts to two, and is disposed of by abandoning it, as the iterators of the standard are where they can be. */
class CountingIterator implements IterableIterator<number> {
  readonly seen: unknown[] = [];
  #count = 0;

  next(): IteratorResult<number> {
    this.seen.push(activeName());
    this.#count += 1;
    return this.#count > 2 ? { done: true, value: undefined } : { done: false, value: this.#count };
  }

  return(): IteratorResult<number> {
    this.seen.push(activeName());
    return { done: true, value: undefined };
  }

  get count() {
    return this.#count;
  }

  [Symbol.iterator]() {
    return this;
  }

  [Symbol.dispose]() {
    this.return();
  }
}

type Take = (this: Iterator<number>, limit: number) => Iterator<number>;

/** What iterator helpers do: they take `next` and `return` from the iterator that they are called on. */
function* takeByHand(this: Iterator<number>, limit: number): Generator<number> {
  const { next } = this;
  for (let taken = 0; taken < limit; taken++) {
    const result = next.call(this);
    if (result.done) return;
    yield result.value;
  }
  this.return?.();
}

/** The helper of the runtime is among them where it has one. */
function helpers(): [name: string, take: Take][] {
  const prototype: object = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
  const native: unknown = Reflect.get(prototype, 'take');
  const byHand: [string, Take] = ['a helper written by hand', takeByHand];
  // Reason for the cast: the types of the runtime in use may not know it yet.
  return typeof native === 'function' ? [byHand, ['Iterator.prototype.take', native as Take]] : [byHand];
}

describe.each(registrations)('iterators under the %s', (_name, start, handedOver) => {
  const op = handedOver('op');

  test('custom iterator: its span is active in each step, and ends when it has run out', () => {
    const { tracer, finishedNames } = start();
    const iterator = withOtelSpan('op', { tracer }, () => new CountingIterator());
    const seen: unknown[] = [];
    for (const value of iterator) seen.push(value, activeName(), finishedNames());
    expect(seen).toEqual([1, undefined, [], 2, undefined, []]);
    expect(iterator.seen).toEqual([op, op, op]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('custom iterator: its other members stay what they are', () => {
    const { tracer } = start();
    const iterator = withOtelSpan('op', { tracer }, () => new CountingIterator());
    expect(iterator).toBeInstanceOf(CountingIterator);
    expect(iterator[Symbol.iterator]()).toBe(iterator);
    iterator.next();
    expect(iterator.count).toBe(1);
  });

  test('custom iterator: disposing of it ends its span', () => {
    const { tracer, finishedNames } = start();
    const iterator = withOtelSpan('op', { tracer }, () => new CountingIterator());
    iterator.next();
    expect(finishedNames()).toEqual([]);
    iterator[Symbol.dispose]();
    expect(iterator.seen).toEqual([op, op]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('generators: disposing of them ends their spans, where the runtime can', async () => {
    const { tracer, finishedNames } = start();
    const sync: object = withOtelSpan('sync', { tracer }, function* () {
      yield;
    });
    const async: object = withOtelSpan('async', { tracer }, async function* () {
      yield;
    });
    const disposeOf = Reflect.get(sync, Symbol.dispose) ?? Reflect.get(sync, 'return');
    Reflect.apply(disposeOf, sync, []);
    const disposeOfAsync = Reflect.get(async, Symbol.asyncDispose) ?? Reflect.get(async, 'return');
    await Reflect.apply(disposeOfAsync, async, []);
    expect(finishedNames()).toEqual(['sync', 'async']);
  });

  test.each(helpers())('%s: the span ends when what it takes has run out', (_, take) => {
    const { tracer, finishedNames } = start();
    const seen: unknown[] = [];
    const iterator = withOtelSpan('op', { tracer }, function* () {
      for (let i = 0; ; i++) {
        seen.push(activeName());
        yield i;
      }
    });
    const taken = take.call(iterator, 2);
    expect([taken.next().value, taken.next().value, finishedNames()]).toEqual([0, 1, []]);
    expect(taken.next().done).toBe(true);
    expect(seen).toEqual([op, op]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('a generator that gives promises: they come as they are', () => {
    const { tracer, finishedNames } = start();
    const promises = [Promise.resolve(1), Promise.resolve(2)];
    const iterator = withOtelSpan('op', { tracer }, function* () {
      yield* promises;
    });
    expect([...iterator].every((promise, i) => promise === promises[i])).toBe(true);
    expect(finishedNames()).toEqual(['op']);
  });
});

describe('results that are no iterations', () => {
  const start = () => startTracing(managers[0][1]());

  test.each([
    ['an array', [1, 2]],
    ['a typed array', new Uint8Array(2)],
    ['a Map', new Map([[1, 2]])],
    ['a Set', new Set([1, 2])],
    ['a string', 'text'],
    ['an object with a next', { next: () => ({ done: true }) }],
    ['an iterable that can be iterated again', { *[Symbol.iterator]() {} }],
    ['an iterable node of a list', { next: () => ({}), *[Symbol.iterator]() {} }],
    ['an object without an async iterator', { [Symbol.asyncIterator]: undefined }],
    ['a function', () => {}],
    ['null', null],
  ])('%s is returned as it is, and the span has ended', (_, result: unknown) => {
    const { tracer, finishedNames } = start();
    const keys = Reflect.ownKeys(Object(result));
    expect(withOtelSpan('op', { tracer }, () => result)).toBe(result);
    expect(Reflect.ownKeys(Object(result))).toEqual(keys);
    expect(finishedNames()).toEqual(['op']);
  });

  test('an object whose members throw when they are read is returned as it is', () => {
    const { tracer, finishedNames } = start();
    const unreadable = () => {
      throw new Error('read too early');
    };
    const result = Object.defineProperties(
      {},
      { next: { get: unreadable }, return: { get: unreadable }, throw: { get: unreadable } },
    );
    expect(withOtelSpan('op', { tracer }, () => result)).toBe(result);
    expect(finishedNames()).toEqual(['op']);
  });

  test('with tracing off a generator is returned as it is', () => {
    const tracer = trace.getTracer('off');
    const iterator = (function* () {
      yield activeName();
    })();
    expect(withOtelSpan('off', { tracer }, () => iterator)).toBe(iterator);
    expect(Reflect.ownKeys(iterator)).toEqual([]);
  });
});
