import type { Span, Tracer } from '@opentelemetry/api';
import { type DomainPromise, type OtelSpanOptions, type SpanResult, withOtelSpan } from 'otel-promise-domain';
import { exactly, type Unchecked } from './exactly.js';

declare const tracer: Tracer;
declare const maybe: boolean;
declare const thenable: PromiseLike<string>;
declare const cancellable: Promise<number> & { cancel(): void };
declare const anything: Unchecked;
declare const unknown: unknown;
const options: OtelSpanOptions = { tracer };

// Values pass through.
const nothing = withOtelSpan('name', options, () => {});
exactly<void>()(nothing);
const value = withOtelSpan('name', options, () => 42);
exactly<number>()(value);
const object = withOtelSpan('name', options, () => ({ a: 1, b: ['text'] }));
exactly<{ a: number; b: string[] }>()(object);
const callback = withOtelSpan('name', options, () => (n: number) => String(n));
exactly<(n: number) => string>()(callback);
const whatever = withOtelSpan('name', options, () => anything);
exactly<Unchecked>()(whatever);
const unexamined = withOtelSpan('name', options, () => unknown);
exactly<unknown>()(unexamined);

// Promises and thenables come back as domain promises.
const native = withOtelSpan('name', options, () => Promise.resolve('text'));
exactly<DomainPromise<string>>()(native);
const fromAsync = withOtelSpan('name', options, async () => 42);
exactly<DomainPromise<number>>()(fromAsync);
const fromAsyncVoid = withOtelSpan('name', options, async () => {});
exactly<DomainPromise<void>>()(fromAsyncVoid);
const fromThenable = withOtelSpan('name', options, () => thenable);
exactly<DomainPromise<string>>()(fromThenable);
const fromSubtype = withOtelSpan('name', options, () => cancellable);
exactly<DomainPromise<number>>()(fromSubtype);
const nested = withOtelSpan('outer', options, () => withOtelSpan('inner', options, async () => 42));
exactly<DomainPromise<number>>()(nested);
const neverSettledWithValue = withOtelSpan('name', options, () => Promise.reject(new Error('no')));
exactly<DomainPromise<never>>()(neverSettledWithValue);
const failingAsync = withOtelSpan('name', options, async () => {
  throw new Error('no');
});
exactly<DomainPromise<never>>()(failingAsync);

// Each member of a union by itself.
const cached = withOtelSpan('name', options, () => (maybe ? 'cached' : Promise.resolve(42)));
exactly<string | DomainPromise<number>>()(cached);
const optional = withOtelSpan('name', options, () => (maybe ? thenable : undefined));
exactly<DomainPromise<string> | undefined>()(optional);
const promiseOfUnion = withOtelSpan('name', options, async () => (maybe ? 'text' : 42));
exactly<DomainPromise<'text' | 42>>()(promiseOfUnion);

// Iterations keep their type.
const generated = withOtelSpan('name', options, async function* () {
  yield 42;
  return 'done';
});
exactly<AsyncGenerator<number, string, unknown>>()(generated);
const generatedInStep = withOtelSpan('name', options, function* () {
  yield 42;
  return 'done';
});
exactly<Generator<number, string, unknown>>()(generatedInStep);
declare const stream: AsyncIterable<Uint8Array> & { destroy(): void };
const streamed = withOtelSpan('name', options, () => stream);
exactly<AsyncIterable<Uint8Array> & { destroy(): void }>()(streamed);

export async function consumers(): Promise<void> {
  exactly<number>()(await fromAsync);
  exactly<string | number>()(await cached);
  for await (const item of generated) exactly<number>()(item);
  const next = await generated.next();
  if (next.done) exactly<string>()(next.value);
}

export function fails(): void {
  const result = () =>
    withOtelSpan('name', options, () => {
      throw new Error('no');
    });
  exactly<() => never>()(result);
}

/** Where the result is generic, so is what comes back. */
export function generic<T>(work: () => Promise<T>, sync: () => T): void {
  exactly<DomainPromise<T>>()(withOtelSpan('name', options, work));
  exactly<SpanResult<T>>()(withOtelSpan('name', options, sync));
}

// The span, and everything that startSpan takes.
withOtelSpan(
  'name',
  {
    tracer,
    kind: 1,
    attributes: { a: 1 },
    links: [],
    startTime: new Date(),
    root: true,
    recordErrors: false,
  },
  (span) => exactly<Span>()(span),
);
withOtelSpan('name', { tracer, recordErrors: undefined }, () => {});

// @ts-expect-error no name
withOtelSpan(options, () => {});
// @ts-expect-error the name is no string
withOtelSpan(42, options, () => {});
// @ts-expect-error no tracer
withOtelSpan('name', {}, () => {});
// @ts-expect-error not a tracer
withOtelSpan('name', { tracer: { startSpan: 42 } }, () => {});
// @ts-expect-error no options
withOtelSpan('name', null, () => {});
// @ts-expect-error an option that does not exist
withOtelSpan('name', { tracer, recordError: false }, () => {});
// @ts-expect-error not a boolean
withOtelSpan('name', { tracer, recordErrors: 'yes' }, () => {});
// @ts-expect-error no function
withOtelSpan('name', options);
// @ts-expect-error a promise in the place of the function
withOtelSpan('name', options, Promise.resolve());
// @ts-expect-error fn is given a span
withOtelSpan('name', options, (span: string) => span);
