import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { describe, expect, test, vi } from 'vitest';
import { activeName, startTracing } from '../support/tracing.js';
import { allJobsDone } from '../support/unhandled-rejections.js';

const first = await import('../../src/index.js');
vi.resetModules();
const second = await import('../../src/index.js');

const pairs = [
  ['the first and the second copy', first, second],
  ['the second and the first copy', second, first],
] as const;

const nothing = () => {};
const dispose = (disposable: Disposable) => disposable[Symbol.dispose]();

test('the two copies share no code', () => {
  expect(second.DomainPromise).not.toBe(first.DomainPromise);
  expect(second.withPromiseDomain).not.toBe(first.withPromiseDomain);
});

describe.each(pairs)('%s', (_names, one, other) => {
  test('share one current domain', async () => {
    const domain = { name: 'domain' };
    await one.withPromiseDomain(domain, () => {
      expect(other.currentPromiseDomain()).toBe(domain);
      other.withoutPromiseDomain(() => expect(one.currentPromiseDomain()).toBeUndefined());
      expect(one.currentPromiseDomain()).toBe(domain);
      return other.DomainPromise.resolve().then(() => expect(one.currentPromiseDomain()).toBe(domain));
    });
    expect(other.currentPromiseDomain()).toBeUndefined();
  });

  test('dispose local domains in any order', () => {
    const outer = one.localPromiseDomain({ name: 'outer' });
    const inner = other.localPromiseDomain({ name: 'inner' });
    const installed = one.currentPromiseDomain();
    dispose(outer);
    expect(one.currentPromiseDomain()).toBe(installed);
    dispose(inner);
    expect(one.currentPromiseDomain()).toBeUndefined();
  });

  test('recognise each other’s handoff domain and install one only', () => {
    one.withOtelPromiseDomain(() => {
      const outer = one.currentPromiseDomain();
      expect(other.hasOtelPromiseDomain()).toBe(true);
      expect(other.hasOtelPromiseDomain(outer)).toBe(true);
      other.withOtelPromiseDomain(() => expect(other.currentPromiseDomain()).toBe(outer));
      const local = other.localOtelPromiseDomain();
      expect(other.currentPromiseDomain()).toBe(outer);
      dispose(local);
      expect(one.currentPromiseDomain()).toBe(outer);
    });
    expect(other.hasOtelPromiseDomain()).toBe(false);
  });

  test('recognise the handoff domain inside one that the other composed', () => {
    one.withOtelPromiseDomain(() =>
      one.withPromiseDomain({}, () => {
        expect(other.hasOtelPromiseDomain()).toBe(true);
        other.withPromiseDomain({}, () => expect(one.hasOtelPromiseDomain()).toBe(true));
      }),
    );
  });

  test('hand the active span over for each other, alone and composed', async () => {
    const { tracer } = startTracing(new StackContextManager());
    const look = () => other.DomainPromise.resolve().then(() => activeName());
    const seen = await tracer.startActiveSpan('span', () =>
      Promise.all([
        one.withOtelPromiseDomain(look),
        one.withOtelPromiseDomain(() => other.withPromiseDomain({}, look)),
        one.withOtelPromiseDomain(() => other.withOtelSpan('inner', { tracer }, look)),
        look(),
      ]),
    );
    expect(seen).toEqual(['span', 'span', 'inner', undefined]);
  });

  test('compose domains in order', async () => {
    const log: string[] = [];
    const logging = (name: string) => ({
      wrapOnFulfilled:
        <T, R>(callback: (value: T) => R) =>
        (value: T) => {
          log.push(name);
          return callback(value);
        },
    });
    await one.withPromiseDomain(logging('outer'), () =>
      other.withPromiseDomain(logging('inner'), () => one.DomainPromise.resolve().then(nothing)),
    );
    expect(log).toEqual(['outer', 'inner']);
  });

  test('adopt each other’s promises', async () => {
    const promise = one.DomainPromise.resolve('value');
    const adopted = other.DomainPromise.from(promise);
    expect(adopted).toBeInstanceOf(other.DomainPromise);
    expect(adopted).not.toBe(promise);
    expect(await adopted).toBe('value');
  });

  test('tell observers of what the other does, until they are removed', async () => {
    const kinds: string[] = [];
    const stop = one.observePromiseDomains(({ kind }) => kinds.push(kind));
    other.DomainPromise.resolve().then(nothing);
    await allJobsDone();
    stop();
    other.withPromiseDomain({}, nothing);
    expect(kinds).toEqual(['then call', 'then', 'callback enter', 'callback leave']);
  });
});
