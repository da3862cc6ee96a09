import { trace } from '@opentelemetry/api';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as library from '../src/index.js';
import { managers, startTracing } from './support/tracing.js';

const { ...exported } = library;
const { DomainPromise, withPromiseDomain } = exported;

type Kind =
  | 'undefined'
  | 'null'
  | 'number'
  | 'boolean'
  | 'string'
  | 'symbol'
  | 'array'
  | 'object'
  | 'function';

/** One value of each kind, and how a message shows it. */
const values: readonly [kind: Kind, value: unknown, shown: string][] = [
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['number', 42, '42'],
  ['boolean', true, 'true'],
  ['string', 'text', '"text"'],
  ['symbol', Symbol('text'), 'Symbol(text)'],
  ['array', ['text'], 'array'],
  ['object', {}, 'object'],
  ['function', () => {}, 'function'],
];

/** What an argument must be, and the kinds of values that are not wrong. */
const aFunction = ['a function', 'function'] as const;
const aBoolean = ['a boolean', 'boolean', 'undefined'] as const;
const aDomain = ['a PromiseDomain', 'object'] as const;
const anObject = ['an object', 'object'] as const;

const tracer = trace.getTracer('errors');
const domain = {};
const fn = () => {};

/** Calls a public function with arguments that the compiler would refuse. */
function call(name: keyof typeof exported, ...args: unknown[]): unknown {
  return Reflect.apply(exported[name], undefined, args);
}

const newManager = (options: unknown): unknown => Reflect.construct(library.DomainContextManager, [options]);

type Argument = readonly [
  where: string,
  isRight: readonly [expected: string, ...right: Kind[]],
  call: (value: unknown) => unknown,
];

const publicArguments: readonly Argument[] = [
  ['withOtelSpan: name', ['a string', 'string'], (value) => call('withOtelSpan', value, { tracer }, fn)],
  ['withOtelSpan: options', anObject, (value) => call('withOtelSpan', 'name', value, fn)],
  [
    'withOtelSpan: options.tracer',
    ['a Tracer'],
    (value) => call('withOtelSpan', 'name', { tracer: value }, fn),
  ],
  [
    'withOtelSpan: options.recordErrors',
    aBoolean,
    (value) => call('withOtelSpan', 'name', { tracer, recordErrors: value }, fn),
  ],
  ['withOtelSpan: fn', aFunction, (value) => call('withOtelSpan', 'name', { tracer }, value)],
  ['withOtelPromiseDomain: fn', aFunction, (value) => call('withOtelPromiseDomain', value)],
  ['hasOtelPromiseDomain: domain', [...aDomain, 'undefined'], (value) => call('hasOtelPromiseDomain', value)],
  ['withPromiseDomain: domain', aDomain, (value) => call('withPromiseDomain', value, fn)],
  ['withPromiseDomain: fn', aFunction, (value) => call('withPromiseDomain', domain, value)],
  [
    'withPromiseDomain: options',
    [...anObject, 'undefined'],
    (value) => call('withPromiseDomain', domain, fn, value),
  ],
  [
    'withPromiseDomain: options.replace',
    aBoolean,
    (value) => call('withPromiseDomain', domain, fn, { replace: value }),
  ],
  ['localPromiseDomain: domain', aDomain, (value) => call('localPromiseDomain', value)],
  [
    'localPromiseDomain: options',
    [...anObject, 'undefined'],
    (value) => call('localPromiseDomain', domain, value),
  ],
  [
    'localPromiseDomain: options.replace',
    aBoolean,
    (value) => call('localPromiseDomain', domain, { replace: value }),
  ],
  ['withoutPromiseDomain: fn', aFunction, (value) => call('withoutPromiseDomain', value)],
  [
    'composePromiseDomains: base',
    [...aDomain, 'undefined'],
    (value) => call('composePromiseDomains', value, domain),
  ],
  ['composePromiseDomains: added', aDomain, (value) => call('composePromiseDomains', undefined, value)],
  ['composePromiseDomains: added', aDomain, (value) => call('composePromiseDomains', domain, value)],
  ['observePromiseDomains: observer', aFunction, (value) => call('observePromiseDomains', value)],
  ['DomainContextManager: options', [...anObject, 'undefined'], (value) => newManager(value)],
  [
    'DomainContextManager: options.asyncStackTraces',
    aBoolean,
    (value) => newManager({ asyncStackTraces: value }),
  ],
];

const hooks = [
  'wrapOnFulfilled',
  'wrapOnRejected',
  'wrapOnFinally',
  'wrapSync',
  'onError',
  'captureForAwait',
] as const satisfies (keyof library.PromiseDomain)[];

const hookArguments: readonly Argument[] = publicArguments
  .filter(([, isRight]) => isRight[0] === 'a PromiseDomain')
  .flatMap(([where, , give]) =>
    hooks.map(
      (hook): Argument => [
        `${where}.${hook}`,
        [...aFunction, 'undefined'],
        (value) => give({ [hook]: value }),
      ],
    ),
  );

const wrongArguments = [...publicArguments, ...hookArguments].flatMap(([where, [expected, ...right], give]) =>
  values
    .filter(([kind]) => !right.includes(kind))
    .map(([kind, value, shown]) => ({ where, kind, give: () => give(value), expected, shown })),
);

afterEach(() => {
  expect(exported.currentPromiseDomain()).toBeUndefined();
});

describe('wrong arguments', () => {
  test('the table has every public function that takes arguments', () => {
    const withoutArguments = ['currentPromiseDomain', 'localOtelPromiseDomain', 'DomainPromise'];
    const named = publicArguments.map(([where]) => where.split(':')[0]);
    expect(new Set([...named, ...withoutArguments])).toEqual(new Set(Object.keys(exported)));
  });

  test.each(wrongArguments)(
    '$where given as $kind is a TypeError that says so',
    ({ where, give, expected, shown }) => {
      const message = `${where} must be ${expected} (got ${shown})`;
      expect(give).toThrow(new TypeError(message));
      expect(give).toThrow(TypeError);
    },
  );

  test('nothing has happened when the error is thrown', () => {
    const { provider, finished } = startTracing(managers[0][1]());
    const started = vi.fn();
    const startSpan = vi.spyOn(provider.getTracer('test'), 'startSpan');
    const options = { tracer: provider.getTracer('test') };
    expect(() => call('withOtelSpan', 'name', { ...options, recordErrors: 1 }, started)).toThrow(TypeError);
    expect(() => call('withOtelSpan', 'name', options, 1)).toThrow(TypeError);
    expect(() => call('withPromiseDomain', domain, started, { replace: 1 })).toThrow(TypeError);
    expect(() => call('withPromiseDomain', { wrapSync: started }, 1)).toThrow(TypeError);
    expect(started).not.toHaveBeenCalled();
    expect(startSpan).not.toHaveBeenCalled();
    expect(finished()).toEqual([]);
  });

  test('an error that fn throws is not taken for one of an argument', () => {
    const error = new TypeError('of fn');
    const thrower = () => {
      throw error;
    };
    expect(() => call('withOtelSpan', 'name', { tracer }, thrower)).toThrow(error);
    expect(() => call('withPromiseDomain', domain, thrower)).toThrow(error);
    expect(() => call('withoutPromiseDomain', thrower)).toThrow(error);
    expect(() => call('withOtelPromiseDomain', thrower)).toThrow(error);
  });
});

describe('wrong hooks', () => {
  test.each(values.filter(([kind]) => kind !== 'function' && kind !== 'undefined'))(
    'a hook that returns %s instead of a function is a TypeError that says so',
    (_kind, value, shown) => {
      const wrong = Object.fromEntries(hooks.map((hook) => [hook, () => value]));
      const run = (hook: string, use: () => unknown) =>
        expect(() => withPromiseDomain({ [hook]: wrong[hook] }, use)).toThrow(
          new TypeError(`PromiseDomain.${hook}: result must be a function (got ${shown})`),
        );
      run('wrapOnFulfilled', () => DomainPromise.resolve().then(fn));
      run('wrapOnRejected', () => DomainPromise.resolve().catch(fn));
      run('wrapOnFinally', () => DomainPromise.resolve().finally(fn));
    },
  );
});

describe('wrong arguments of DomainPromise', () => {
  const notFunctions = values.filter(([kind]) => kind !== 'function');

  test.each(notFunctions)('new DomainPromise() with %s is a TypeError', (_kind, executor) => {
    expect(() => Reflect.construct(DomainPromise, [executor])).toThrow(TypeError);
  });

  test('DomainPromise() without new is a TypeError', () => {
    expect(() => Reflect.apply(DomainPromise, undefined, [fn])).toThrow(TypeError);
  });

  test.each(['all', 'allSettled', 'any', 'race'] as const)(
    'DomainPromise.%s() of what cannot be iterated is rejected with a TypeError',
    async (combinator) => {
      for (const value of [undefined, null, 42, {}, fn]) {
        const promise: unknown = Reflect.apply(DomainPromise[combinator], DomainPromise, [value]);
        expect(promise).toBeInstanceOf(DomainPromise);
        await expect(promise).rejects.toBeInstanceOf(TypeError);
      }
    },
  );

  test.each(notFunctions)('callbacks given as %s are none', async (_kind, value) => {
    const fulfilled = DomainPromise.resolve(1);
    const rejected = DomainPromise.reject('reason');
    const given = (promise: object, method: 'then' | 'catch' | 'finally') =>
      Reflect.apply(Reflect.get(promise, method), promise, [value, value]);
    let wrapped = 0;
    const wrap = <F>(callback: F): F => {
      wrapped += 1;
      return callback;
    };
    const derived = withPromiseDomain(
      { wrapOnFulfilled: wrap, wrapOnRejected: wrap, wrapOnFinally: wrap },
      () =>
        (['then', 'catch', 'finally'] as const).flatMap((method) => [
          given(fulfilled, method),
          given(rejected, method),
        ]),
    );
    const passedOn = [
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: 'reason' },
    ];
    expect(await Promise.allSettled(derived)).toEqual([...passedOn, ...passedOn, ...passedOn]);
    expect(wrapped).toBe(0);
  });
});
