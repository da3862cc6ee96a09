import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainContextManager,
  DomainPromise,
  localPromiseDomain,
  type PromiseDomain,
  type PromiseDomainEvent,
  withOtelSpan,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { observe } from '../support/observe.js';
import { startTracing } from '../support/tracing.js';
import { allJobsDone } from '../support/unhandled-rejections.js';

const a: PromiseDomain = { name: 'a' };
const b: PromiseDomain = { name: 'b' };
const nothing = () => {};

/** The events of `run` and of all jobs that it leaves, in words. */
async function eventsOf(run: () => unknown): Promise<string[]> {
  const events: string[] = [];
  const stop = observe((event) => {
    const about = 'domain' in event ? (event.domain?.name ?? 'none') : '';
    events.push(`${event.kind} ${about}`.trim());
  });
  run();
  await allJobsDone();
  stop();
  return events;
}

describe('an observer', () => {
  test('is told of bodies as they are entered and left', async () => {
    expect(
      await eventsOf(() =>
        withPromiseDomain(a, () => {
          withPromiseDomain(b, nothing, { replace: true });
          withoutPromiseDomain(nothing);
        }),
      ),
    ).toEqual([
      'domain enter a',
      'domain enter b',
      'domain leave a',
      'domain enter none',
      'domain leave a',
      'domain leave none',
    ]);
  });

  test('is told of a body that throws', async () => {
    const body = () =>
      withPromiseDomain(a, () => {
        throw new Error('thrown');
      });
    expect(await eventsOf(() => expect(body).toThrow('thrown'))).toEqual([
      'domain enter a',
      'domain leave none',
    ]);
  });

  test('is told of local domains, a forgotten one included', async () => {
    expect(await eventsOf(() => localPromiseDomain(a)[Symbol.dispose]())).toEqual([
      'domain enter a',
      'domain leave none',
    ]);
    expect(await eventsOf(() => localPromiseDomain(a))).toEqual(['domain enter a', 'domain leave none']);
  });

  test.each([
    ['then', () => DomainPromise.resolve().then(nothing)],
    ['catch', () => DomainPromise.reject(0).catch(nothing)],
  ])('is told of %s() outside a domain, and of the callback', async (_way, attach) => {
    expect(await eventsOf(attach)).toEqual(['then call', 'then none', 'callback enter', 'callback leave']);
  });

  test('is told of then() in a domain, and of the callback, not of what is restored around it', async () => {
    expect(await eventsOf(() => withPromiseDomain(a, () => DomainPromise.resolve().then(nothing)))).toEqual([
      'domain enter a',
      'then call',
      'then a',
      'domain leave none',
      'callback enter',
      'callback leave',
    ]);
  });

  test.each<[string, PromiseDomain]>([
    ['the hook', { name: 'a', wrapOnFinally: (callback) => callback }],
    ['no hook', a],
  ])('is told of finally() in a domain with %s for it as of then()', async (_what, domain) => {
    const events = await eventsOf(() =>
      withPromiseDomain(domain, () => DomainPromise.resolve().finally(nothing)),
    );
    expect(events.slice(0, 4)).toEqual(['domain enter a', 'then call', 'then a', 'domain leave none']);
  });

  test('is told of a callback that throws', async () => {
    const chain = () =>
      DomainPromise.resolve()
        .then(() => {
          throw new Error('thrown');
        })
        .catch(nothing);
    expect(await eventsOf(chain)).toEqual([
      'then call',
      'then none',
      'then call',
      'then none',
      'callback enter',
      'callback leave',
      'callback enter',
      'callback leave',
    ]);
  });

  test('is not told of callbacks that are none', async () => {
    expect(await eventsOf(() => DomainPromise.resolve().then(undefined, null))).toEqual([
      'then call',
      'then none',
    ]);
  });

  test('gets the promises, the domain and the callbacks of then(), and which of them runs for which promise', async () => {
    const events: PromiseDomainEvent[] = [];
    observe((event) => events.push(event));
    const promise = DomainPromise.resolve();
    const other = () => {};
    const derived = withPromiseDomain(a, () => promise.then(nothing, other));
    await allJobsDone();
    const told = events.filter((event) => 'derived' in event);
    expect(told).toEqual([
      {
        kind: 'then',
        promise,
        derived,
        domain: a,
        method: 'then',
        onFulfilled: nothing,
        onRejected: other,
      },
      { kind: 'callback enter', derived, callback: nothing },
      { kind: 'callback leave', derived, callback: nothing, thrown: undefined, returned: undefined },
    ]);
    for (const event of told) expect(event.derived).toBe(derived);
    expect(told[0]).toHaveProperty('promise', promise);
  });

  test('gets the callback of finally() as both of those of then()', async () => {
    const events: PromiseDomainEvent[] = [];
    observe((event) => events.push(event));
    void DomainPromise.resolve().finally(nothing);
    await allJobsDone();
    expect(events.slice(0, 4)).toMatchObject([
      { kind: 'then call' },
      { kind: 'then', onFulfilled: nothing, onRejected: nothing },
      { kind: 'callback enter', callback: nothing },
      { kind: 'callback leave', callback: nothing },
    ]);
  });

  test('gets what a callback throws', async () => {
    const events: PromiseDomainEvent[] = [];
    observe((event) => events.push(event));
    const throwing = () => {
      throw undefined;
    };
    const derived = DomainPromise.resolve().then(throwing);
    await derived.catch(nothing);
    const left = events.filter(({ kind }) => kind === 'callback leave');
    expect(left[0]).toEqual({
      kind: 'callback leave',
      derived,
      callback: throwing,
      thrown: { reason: undefined },
      returned: undefined,
    });
    expect(left[1]).toHaveProperty('thrown', undefined);
  });

  test('is told which promise settles with which by steps of the library', async () => {
    const events: PromiseDomainEvent[] = [];
    observe((event) => events.push(event));
    const { tracer } = startTracing(new DomainContextManager());
    const promise = DomainPromise.resolve();
    const derived = withOtelSpan('span', { tracer }, () => promise);
    expect(events.filter(({ kind }) => kind === 'follow')).toEqual([{ kind: 'follow', promise, derived }]);
    await derived;
  });

  test('gets of a local domain whether it is over, and why it is left where it is not', async () => {
    const events: PromiseDomainEvent[] = [];
    observe((event) => events.push(event));
    const disposed = localPromiseDomain(a);
    disposed[Symbol.dispose]();
    localPromiseDomain(b);
    await allJobsDone();
    expect(events).toMatchObject([
      { kind: 'domain enter', domain: a, local: { over: true } },
      { kind: 'domain leave', left: a },
      { kind: 'domain enter', domain: b, local: { over: false } },
      { kind: 'domain leave', domain: undefined, left: b, why: 'job over' },
    ]);
    const locals = events.map((event) => 'local' in event && event.local);
    expect(locals[1]).toBe(locals[0]);
    expect(locals[3]).toBe(locals[2]);
    expect(events[1]).toHaveProperty('why', undefined);
  });

  test('is told that a local domain is left where an await suspends who installed it', async () => {
    const events: PromiseDomainEvent[] = [];
    observe((event) => events.push(event));
    const suspended = async () => {
      const local = localPromiseDomain({ name: 'local', captureForAwait: () => () => () => {} });
      await DomainPromise.resolve();
      local[Symbol.dispose]();
    };
    await suspended();
    const told = events.flatMap((event) =>
      'why' in event && event.why ? [event.kind, event.why] : [event.kind],
    );
    expect(told).toEqual([
      'domain enter',
      'await',
      'domain leave',
      'suspended',
      'await enter',
      'domain leave',
      'await leave',
    ]);
  });

  test('gets the same object for what an await captures and what follows it', async () => {
    const captured: object[] = [];
    observe((event) => {
      if ('captured' in event) captured.push(event.captured);
    });
    const awaiting = async () => {
      await DomainPromise.resolve();
    };
    await withPromiseDomain({ captureForAwait: () => () => () => {} }, () =>
      Promise.all([awaiting(), awaiting()]),
    );
    const [first, second] = captured;
    expect(first).not.toBe(second);
    expect(captured.map((one) => (one === first ? 1 : 2))).toEqual([1, 2, 1, 1, 2, 2]);
  });

  test('sees current what is current: after entering, after leaving, inside a callback', async () => {
    const seen: [string, unknown][] = [];
    observe(({ kind }) => seen.push([kind, currentPromiseDomain()]));
    void withPromiseDomain(a, () => DomainPromise.resolve().then(nothing));
    await allJobsDone();
    expect(seen).toEqual([
      ['domain enter', a],
      ['then call', a],
      ['then', a],
      ['domain leave', undefined],
      ['callback enter', a],
      ['callback leave', a],
    ]);
  });

  test('added between then() and the callback is told only of what comes', async () => {
    const chain = () => DomainPromise.resolve().then(nothing);
    void withPromiseDomain(a, chain);
    expect(await eventsOf(nothing)).toEqual([]);
  });
});
