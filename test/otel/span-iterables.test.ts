import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { withOtelSpan } from '../../src/index.js';
import { FoundThings } from '../support/mongoose-things.js';
import { registrations } from '../support/registrations.js';
import { activeName } from '../support/tracing.js';

const { ERROR, UNSET } = SpanStatusCode;

/** Counts to two. Its members are private, and its iterators have `next` and nothing else. */
class Counter implements AsyncIterable<number> {
  readonly seen: unknown[] = [];
  readonly #last = 2;

  get last() {
    return this.#last;
  }

  describe() {
    return `counts to ${this.#last}`;
  }

  [Symbol.asyncIterator](): AsyncIterator<number> {
    let count = 0;
    this.seen.push(activeName());
    return {
      next: async () => {
        this.seen.push(activeName());
        count += 1;
        return count > this.#last ? { done: true, value: undefined } : { done: false, value: count };
      },
    };
  }
}

/** As the cursors of databases are: iterable, with a `next()` of its own that gives documents, and at last `null`. */
class Cursor implements AsyncIterable<object> {
  readonly documents: object[] = [{ title: 'a task', done: true }, { title: 'another' }];
  closed = false;

  async next(): Promise<object | null> {
    return this.documents.shift() ?? null;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<object> {
    try {
      for (let document = await this.next(); document; document = await this.next()) yield document;
    } finally {
      this.closed = true;
    }
  }
}

async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}

describe.each(registrations)('iterables under the %s', (_name, startTracing, handedOver) => {
  const op = handedOver('op');
  const count = <T>(tracer: Tracer, counter: T) => withOtelSpan('op', { tracer }, () => counter);

  test('custom iterable: its span is active in each step, and ends when it has run out', async () => {
    const { tracer, finishedNames } = startTracing();
    const counter = new Counter();
    const iterable = count(tracer, counter);
    const seen: unknown[] = [];
    for await (const value of iterable) seen.push([value, activeName(), finishedNames()]);
    expect(seen).toEqual([
      [1, undefined, []],
      [2, undefined, []],
    ]);
    expect(counter.seen).toEqual([op, op, op, op]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('custom iterable: a second iteration is none of its span', async () => {
    const { tracer, finishedNames } = startTracing();
    const counter = new Counter();
    const iterable = count(tracer, counter);
    await collect(iterable);
    expect(await collect(iterable)).toEqual([1, 2]);
    expect(counter.seen).toEqual([op, op, op, op, ...Array(4).fill(undefined)]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('custom iterable: its span ends when it is abandoned, though its iterators have no return', async () => {
    const { tracer, finishedNames } = startTracing();
    for await (const value of count(tracer, new Counter())) {
      expect([value, finishedNames()]).toEqual([1, []]);
      break;
    }
    expect(finishedNames()).toEqual(['op']);
  });

  test('custom iterable: its other members stay what they are', () => {
    const { tracer } = startTracing();
    const iterable = count(tracer, new Counter());
    expect(iterable).toBeInstanceOf(Counter);
    expect([iterable.last, iterable.describe()]).toEqual([2, 'counts to 2']);
  });

  test('custom iterable: a member that a stream would have as a method is none of its own', async () => {
    const { tracer, finishedNames } = startTracing();
    const counter = Object.assign(new Counter(), { once: true, off: 0, next: 1, return: 2, throw: 3 });
    expect(await collect(count(tracer, counter))).toEqual([1, 2]);
    expect(counter).toMatchObject({ once: true, off: 0, next: 1, return: 2, throw: 3 });
    expect(finishedNames()).toEqual(['op']);
  });

  test('custom iterable: an error in a step ends its span with the error', async () => {
    const { tracer, finished } = startTracing();
    const error = new RangeError('in a step');
    const failing: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
    };
    await expect(collect(withOtelSpan('op', { tracer }, () => failing))).rejects.toBe(error);
    expect(finished().map((span) => span.status)).toEqual([{ code: ERROR, message: 'in a step' }]);
  });

  test('custom iterable: an error when the iteration starts ends its span with the error', async () => {
    const { tracer, finished } = startTracing();
    const error = new RangeError('at the start');
    const failing: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        throw error;
      },
    };
    await expect(collect(withOtelSpan('op', { tracer }, () => failing))).rejects.toBe(error);
    expect(finished().map((span) => span.status)).toEqual([{ code: ERROR, message: 'at the start' }]);
  });

  test('frozen iterable, or one with frozen iterators: it is iterated as before, and its span ends once', async () => {
    const { tracer, finishedNames } = startTracing();
    const frozen: AsyncIterable<number> = Object.freeze(new Counter());
    expect(await collect(withOtelSpan('frozen', { tracer }, () => frozen))).toEqual([1, 2]);
    expect(finishedNames()).toEqual(['frozen']);
    const frozenIterators: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => Object.freeze(new Counter()[Symbol.asyncIterator]()),
    };
    expect(await collect(withOtelSpan('inner', { tracer }, () => frozenIterators))).toEqual([1, 2]);
    expect(finishedNames()).toEqual(['frozen', 'inner']);
  });

  test('an iterable that several calls return has the span of the latest call, and no more', async () => {
    const { tracer, finishedNames } = startTracing();
    const shared = new Counter();
    await collect(withOtelSpan('first', { tracer }, () => shared));
    shared.seen.length = 0;
    await collect(withOtelSpan('second', { tracer }, () => shared));
    expect(shared.seen).toEqual(Array(4).fill(handedOver('second')));
    expect(finishedNames()).toEqual(['first', 'second']);
    for (let i = 0; i < 20_000; i++) void count(tracer, shared);
    expect(await collect(shared)).toEqual([1, 2]);
    expect(await collect(shared)).toEqual([1, 2]);
  });

  test('cursor: its span ends when it has run out, and its own next() is left alone', async () => {
    const { tracer, finished } = startTracing();
    const cursor = withOtelSpan('op', { tracer }, () => new Cursor());
    const seen: unknown[] = [];
    for await (const document of cursor) seen.push(document, finished().length);
    expect(seen).toEqual([{ title: 'a task', done: true }, 0, { title: 'another' }, 0]);
    expect(await cursor.next()).toBeNull();
    expect(cursor.closed).toBe(true);
    expect(finished().map((span) => [span.name, span.status.code])).toEqual([['op', UNSET]]);
  });

  test('cursor: its own next() gives documents, and null at last', async () => {
    const { tracer } = startTracing();
    const cursor = withOtelSpan('op', { tracer }, () => new Cursor());
    cursor.documents.shift();
    expect([await cursor.next(), await cursor.next()]).toEqual([{ title: 'another' }, null]);
  });

  test('cursor of mongoose: its span ends when it has run out', async () => {
    const { tracer, finishedNames } = startTracing();
    const seen: unknown[] = [];
    for await (const { n } of withOtelSpan('op', { tracer }, () => FoundThings.find().cursor())) {
      seen.push(n, finishedNames());
    }
    expect(seen).toEqual([1, [], 2, []]);
    expect(finishedNames()).toEqual(['op']);
  });

  test('cursor of mongoose: it is not changed into an iterator before somebody iterates', async () => {
    const { tracer } = startTracing();
    const cursor = withOtelSpan('op', { tracer }, () => FoundThings.find().cursor());
    expect(await cursor.next()).toMatchObject({ n: 1 });
  });

  test('stream of Node: its span ends when it has run out, is abandoned, or fails', async () => {
    const { tracer, finished } = startTracing();
    const stream = withOtelSpan('done', { tracer }, () => Readable.from(['a', 'b']));
    expect(await collect(stream)).toEqual(['a', 'b']);
    for await (const chunk of withOtelSpan('abandoned', { tracer }, () => Readable.from(['a', 'b']))) {
      expect(chunk).toBe('a');
      break;
    }
    const error = new RangeError('of the source');
    const failing = withOtelSpan(
      'failed',
      { tracer },
      () =>
        new Readable({
          read() {
            this.destroy(error);
          },
        }),
    );
    await expect(collect(failing)).rejects.toBe(error);
    expect(finished().map((span) => [span.name, span.status.message])).toEqual([
      ['done', undefined],
      ['abandoned', undefined],
      ['failed', 'of the source'],
    ]);
  });

  test('stream of Node: it can be piped as before, which ends its span', async () => {
    const { tracer, finishedNames } = startTracing();
    const stream = withOtelSpan('op', { tracer }, () => Readable.from(['a', 'b']));
    const target = new PassThrough({ objectMode: true });
    await pipeline(stream, target);
    expect(await collect(target)).toEqual(['a', 'b']);
    expect(finishedNames()).toEqual(['op']);
  });

  test('stream of the web: its span ends when it has run out or is abandoned', async () => {
    const { tracer, finishedNames } = startTracing();
    const start = (controller: ReadableStreamDefaultController<string>) => {
      for (const chunk of ['a', 'b']) controller.enqueue(chunk);
      controller.close();
    };
    const make = (name: string) =>
      withOtelSpan(name, { tracer }, () => new ReadableStream<string>({ start }));
    expect(await collect(make('done'))).toEqual(['a', 'b']);
    for await (const _ of make('abandoned')) break;
    expect(finishedNames()).toEqual(['done', 'abandoned']);
  });

  test('stream of the web: it can be read as before', async () => {
    const { tracer } = startTracing();
    const make = () => withOtelSpan('op', { tracer }, () => new Blob(['text']).stream());
    expect(await make().getReader().read()).toMatchObject({ done: false });
    expect(await new Response(make()).text()).toBe('text');
  });
});
