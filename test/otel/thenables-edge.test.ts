import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test, vi } from 'vitest';
import { DomainPromise, withOtelPromiseDomain, withOtelSpan } from '../../src/index.js';
import { openDatabase } from '../support/knex-database.js';
import { FoundThings } from '../support/mongoose-things.js';
import { registrations } from '../support/registrations.js';
import { iterableThenable, LazyPromise, thenable } from '../support/thenables.js';
import { activeName } from '../support/tracing.js';
import { allJobsDone } from '../support/unhandled-rejections.js';

describe.each(registrations)('thenables at the edge, under the %s', (name, startTracing, handedOver) => {
  test('a lazy thenable starts at once, within the span', () => {
    const { tracer } = startTracing();
    const started: unknown[] = [];
    const lazy = () =>
      thenable<void>(() => {
        started.push(activeName());
      });
    void withOtelSpan('op', { tracer }, lazy);
    expect(started).toEqual([handedOver('op')]);
    void tracer.startActiveSpan('active', () => DomainPromise.from(lazy()));
    expect(started).toEqual([handedOver('op'), handedOver('active')]);
  });

  test('a lazy subclass of Promise starts at once, within the span', async () => {
    const { tracer } = startTracing();
    const lazy = () => new LazyPromise(() => activeName());
    expect(await withOtelSpan('op', { tracer }, lazy)).toBe(handedOver('op'));
    expect(await tracer.startActiveSpan('active', () => DomainPromise.from(lazy()))).toBe(
      handedOver('active'),
    );
  });

  test('a query of knex runs once, and statements in callbacks have their span', async () => {
    const { tracer } = startTracing();
    const { knex, ran } = openDatabase();
    const count = await withOtelSpan('op', { tracer }, () =>
      DomainPromise.from(knex('things').insert({ n: 43 })).then(() => {
        tracer.startActiveSpan('inner', () => ran.push(['callback', activeName()]));
        return DomainPromise.from(knex('things').count({ rows: '*' }));
      }),
    );
    expect(count).toEqual([{ rows: 2 }]);
    expect(ran.map(([sql]) => sql.split(' ')[0])).toEqual(['insert', 'callback', 'select']);
    expect(ran[1]).toEqual(['callback', handedOver('inner')]);
    // knex runs a statement in a later job, which only a manager that follows jobs can know of.
    const inDriver = name === 'AsyncLocalStorage manager' ? 'op' : undefined;
    expect([ran[0]?.[1], ran[2]?.[1]]).toEqual([inDriver, inDriver]);
  });

  test('a query of mongoose runs once, which is all that it allows', async () => {
    const { tracer, finished } = startTracing();
    const findOne = vi.spyOn(FoundThings.collection, 'findOne');
    await withOtelSpan('op', { tracer }, () => FoundThings.findOne());
    await DomainPromise.from(FoundThings.findOne());
    expect(findOne).toHaveBeenCalledTimes(2);
    expect(finished().map((span) => span.status.code)).toEqual([SpanStatusCode.UNSET]);
    findOne.mockRestore();
  });

  test('then is read once and called once, as a method', () => {
    const { tracer } = startTracing();
    const calls: unknown[] = [];
    let reads = 0;
    const subject = {
      get then(): PromiseLike<void>['then'] {
        reads += 1;
        return function (this: unknown, ...callbacks: unknown[]) {
          calls.push([this === subject, callbacks.map((each) => typeof each)]);
          throw new Error('rejected');
        };
      },
    };
    const once = [true, ['function', 'function']];
    DomainPromise.from(subject).catch(() => {});
    expect([reads, calls]).toEqual([1, [once]]);
    withOtelSpan('op', { tracer }, () => subject).catch(() => {});
    expect([reads, calls]).toEqual([2, [once, once]]);
  });

  test('callbacks keep their span when a thenable is settled within another one', async () => {
    const { tracer, finishedNames } = startTracing();
    const settle: (() => void)[] = [];
    const make = () => thenable<void>((fulfil) => settle.push(() => fulfil()));
    const result = withOtelSpan('op', { tracer }, () =>
      withOtelPromiseDomain(() => DomainPromise.from(make()).then(() => activeName())),
    );
    const direct = withOtelSpan('outer', { tracer }, () =>
      withOtelSpan('direct', { tracer }, make).then(() => activeName()),
    );
    tracer.startActiveSpan('elsewhere', () => {
      for (const each of settle) each();
    });
    expect(await Promise.all([result, direct])).toEqual([handedOver('op'), handedOver('outer')]);
    expect(finishedNames().sort()).toEqual(['direct', 'op', 'outer']);
  });

  test('callbacks of one that calls back at once run in a later job, and its span is open until then', async () => {
    const { tracer, finishedNames } = startTracing();
    const order: unknown[] = [];
    const result = withOtelSpan('op', { tracer }, () => thenable<void>((fulfil) => fulfil()));
    const last = result.then(() => order.push('callback', finishedNames()));
    void DomainPromise.from(thenable<void>((fulfil) => fulfil())).then(() =>
      order.push('callback of from()'),
    );
    order.push('returned', finishedNames());
    await last;
    expect(order).toEqual(['returned', [], 'callback of from()', 'callback', ['op']]);
  });

  test('one that never settles keeps its own span open and disturbs no other', async () => {
    const { tracer, finishedNames } = startTracing();
    const called: string[] = [];
    const op = withOtelSpan('outer', { tracer }, () =>
      withOtelSpan('op', { tracer }, () => thenable(() => {})).finally(() => called.push('finally')),
    );
    op.then(
      () => called.push('fulfilled'),
      () => called.push('rejected'),
    );
    const other = await withOtelSpan('other', { tracer }, () =>
      DomainPromise.from(new LazyPromise(() => 42)).then(() => activeName()),
    );
    await allJobsDone();
    expect([called, activeName(), other]).toEqual([[], undefined, handedOver('other')]);
    expect(finishedNames()).toEqual(['other']);
  });

  test('a then that cannot be read rejects from(), and ends the span with its error', async () => {
    const { tracer, finished } = startTracing();
    const error = new RangeError('unreadable');
    const unreadable = {
      get then(): never {
        throw error;
      },
    };
    await expect(DomainPromise.from(unreadable)).rejects.toBe(error);
    expect(() => withOtelSpan('op', { tracer }, () => unreadable)).toThrow(error);
    expect(finished().map((span) => [span.name, span.status.message, span.events.length])).toEqual([
      ['op', 'unreadable', 1],
    ]);
    expect(activeName()).toBeUndefined();
  });

  test('a then that is no function makes no thenable', async () => {
    const { tracer, finishedNames } = startTracing();
    const value = { then: 42 };
    expect(withOtelSpan('op', { tracer }, () => value)).toBe(value);
    expect(finishedNames()).toEqual(['op']);
    expect(await DomainPromise.from(value)).toBe(value);
  });

  test('a thenable that can be iterated too is taken for a thenable', async () => {
    const { tracer, finishedNames } = startTracing();
    const result = withOtelSpan('op', { tracer }, () => iterableThenable(42));
    expect(Symbol.asyncIterator in result).toBe(false);
    expect(finishedNames()).toEqual([]);
    expect(await result).toBe(42);
    expect(finishedNames()).toEqual(['op']);
  });
});
