import { runInNewContext } from 'node:vm';
import Bluebird from 'bluebird';
import { expect } from 'vitest';
import { openDatabase } from './knex-database.js';
import { FoundThings, Things } from './mongoose-things.js';

type Settle<V> = (value: V) => void;

/** A thenable that is no promise, with this `then`. */
export function thenable<T>(then: (fulfil: Settle<T | PromiseLike<T>>, reject: Settle<unknown>) => void) {
  // Reason for the cast: what its `then` returns is never looked at.
  return { then } as unknown as PromiseLike<T>;
}

/** A thenable that can be iterated too, as the queries of knex and mongoose can. */
export function iterableThenable<T>(value: T) {
  return Object.assign(
    thenable<T>((fulfil) => fulfil(value)),
    {
      [Symbol.asyncIterator](): AsyncIterator<never> {
        throw new Error('iterated');
      },
    },
  );
}

/** A native promise whose work starts when `then()` is called. */
export class LazyPromise<T> extends Promise<T> {
  readonly #start: () => T;

  static override get [Symbol.species]() {
    return Promise;
  }

  constructor(start: () => T) {
    super(() => {});
    this.#start = start;
  }

  override then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    onRejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return Promise.resolve(this.#start()).then(onFulfilled, onRejected);
  }
}

/** Each with the value that it fulfils with. */
export const fulfilling: readonly [name: string, make: () => PromiseLike<unknown>, value: unknown][] = [
  ['a query of knex', () => openDatabase().knex('things').select('n'), [{ n: 42 }]],
  ['a query of mongoose', () => FoundThings.findOne({ n: 42 }), expect.objectContaining({ n: 42 })],
  ['a promise of bluebird', () => Bluebird.resolve(42).delay(0), 42],
  ['a promise of another realm', () => runInNewContext('Promise.resolve(42)'), 42],
  ['a lazy subclass of Promise', () => new LazyPromise(() => 42), 42],
  ['one that calls back later', () => thenable((fulfil) => setImmediate(fulfil, 42)), 42],
  ['one that calls back at once', () => thenable((fulfil) => fulfil(42)), 42],
  [
    'one that calls back twice',
    () =>
      thenable((fulfil) => {
        fulfil(42);
        fulfil(43);
      }),
    42,
  ],
  [
    'one that fulfils and then rejects',
    () =>
      thenable((fulfil, reject) => {
        fulfil(42);
        reject(new Error('too late'));
      }),
    42,
  ],
  [
    'one that throws after it has fulfilled',
    () =>
      thenable((fulfil) => {
        fulfil(42);
        throw new Error('too late');
      }),
    42,
  ],
  [
    'one that fulfils with another thenable, and then with a value',
    () =>
      thenable((fulfil) => {
        fulfil(thenable((fulfilInner) => setImmediate(fulfilInner, 42)));
        fulfil(43);
      }),
    42,
  ],
  ['one that fulfils with a native promise', () => thenable((fulfil) => fulfil(Promise.resolve(42))), 42],
  ['one that can be iterated too', () => iterableThenable(42), 42],
  ['a frozen one', () => Object.freeze(thenable((fulfil) => fulfil(42))), 42],
  [
    'a function with a then',
    () =>
      Object.assign(
        () => 43,
        thenable((fulfil) => fulfil(42)),
      ),
    42,
  ],
];

const refused = new RangeError('refused');

/** Each with what its reason looks like. */
export const rejecting: readonly [
  name: string,
  make: () => PromiseLike<unknown>,
  type: string,
  message: RegExp,
][] = [
  ['a query of knex', () => openDatabase().knex('nothing').select(), 'Error', /no such table: nothing/],
  [
    'a query of mongoose with a bad filter',
    () => Things.find().where('n').equals('not a number'),
    'CastError',
    /Cast to Number failed/,
  ],
  [
    'a query of mongoose without a connection',
    () => Things.find(),
    'MongooseError',
    /before initial connection/,
  ],
  ['a promise of bluebird', () => Bluebird.reject(refused), 'RangeError', /^refused$/],
  [
    'one that calls back later',
    () => thenable((_, reject) => setImmediate(reject, refused)),
    'RangeError',
    /^refused$/,
  ],
  ['one that calls back at once', () => thenable((_, reject) => reject(refused)), 'RangeError', /^refused$/],
  [
    'one that calls back twice',
    () =>
      thenable((fulfil, reject) => {
        reject(refused);
        reject(new Error('too late'));
        fulfil(43);
      }),
    'RangeError',
    /^refused$/,
  ],
  [
    'one that throws',
    () =>
      thenable(() => {
        throw refused;
      }),
    'RangeError',
    /^refused$/,
  ],
  [
    'one that fulfils with another that rejects',
    () => thenable((fulfil) => fulfil(thenable((_, reject) => reject(refused)))),
    'RangeError',
    /^refused$/,
  ],
];
