import type { PromiseDomain } from '../../src/index.js';

type Callback = ((value: unknown) => unknown) | undefined;

/** The promises of a world. */
export interface WorldPromise<P> {
  then(onFulfilled: Callback, onRejected: Callback): P;
  catch(onRejected: Callback): P;
  finally(onFinally: () => unknown): P;
}

export interface Resolvers<P> {
  readonly promise: P;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Their constructor. */
interface WorldPromises<P> {
  resolve(value: unknown): P;
  reject(reason: unknown): P;
  from(value: unknown): P;
  withResolvers(): Resolvers<P>;
  all(values: unknown[]): P;
  allSettled(values: unknown[]): P;
  race(values: unknown[]): P;
  any(values: unknown[]): P;
}

/** All that a program is written in, and can look at: the library's functions, or the model's. */
export interface World<P extends WorldPromise<P>> {
  readonly promises: WorldPromises<P>;
  isPromise(value: unknown): boolean;
  /** A promise that knows nothing of domains. */
  nativePromise(rejected: boolean, value: unknown): unknown;
  queueJob(job: () => void): void;

  withOtelSpan(
    name: string,
    options: { recordErrors: boolean },
    fn: (endSpan: () => void) => unknown,
  ): unknown;
  /** Starts a span and ends it at once. */
  childSpan(name: string): void;
  withContext(
    change: 'baggage' | 'root context' | 'suppressed tracing',
    label: string,
    fn: () => unknown,
  ): unknown;

  withOtelPromiseDomain(fn: () => unknown): unknown;
  /** Returns what disposes it. */
  localOtelPromiseDomain(): () => void;
  /** The domains are composed, the first outermost. */
  withPromiseDomain(domains: PromiseDomain[], fn: () => unknown, replace: boolean): unknown;
  localPromiseDomain(domains: PromiseDomain[], replace: boolean): () => void;
  withoutPromiseDomain(fn: () => unknown): unknown;

  /** What is active and what is installed at this moment, in words. */
  look(): string;
  log(line: string): void;
}

/** What a log shows of a value. */
export function describeValue(value: unknown): string {
  if (value instanceof AggregateError) return `AggregateError(${value.errors.map(describeValue).join(', ')})`;
  if (value instanceof Error) return `${value.name}(${describeMessage(value.message)})`;
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('status' in value) {
    const settled = 'value' in value ? value.value : 'reason' in value ? value.reason : undefined;
    return `${value.status} ${describeValue(settled)}`;
  }
  return 'then' in value ? 'a thenable' : 'an object';
}

/** Engines have their own words for the two errors that they make themselves. */
function describeMessage(message: string): string {
  if (/^Chaining cycle|with itself/.test(message)) return 'Chaining cycle';
  return /^(No Promise in Promise\.any was resolved)?$/.test(message)
    ? 'All promises were rejected'
    : message;
}

/** How both worlds word what happens in them. */
export const words = {
  state: (span: string | undefined, baggage: string | undefined, domain: 'handoff' | 'other' | 'none') =>
    `span ${span ?? '-'}, baggage ${baggage ?? '-'}, domain ${domain}`,
  spanStarts: (name: string, parent: string | undefined) => `${name} starts, child of ${parent ?? '-'}`,
  /** @param message of the error status, `undefined` where the status is unset */
  spanEnds: (name: string, message: string | undefined, exceptions: number) =>
    `${name} ends, ${message === undefined ? 'unset' : `error ${describeMessage(message)}`}, exceptions: ${exceptions}`,
  unhandled: (reason: unknown) => `unhandled: ${describeValue(reason)}`,
};
