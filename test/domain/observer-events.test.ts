import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  localPromiseDomain,
  type PromiseDomain,
  type PromiseDomainEvent,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { observe } from '../support/observe.js';
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
    expect(await eventsOf(attach)).toEqual(['then none', 'callback enter', 'callback leave']);
  });

  test('is told of then() in a domain, and of the callback with what is restored around it', async () => {
    expect(await eventsOf(() => withPromiseDomain(a, () => DomainPromise.resolve().then(nothing)))).toEqual([
      'domain enter a',
      'then a',
      'domain leave none',
      'domain enter a',
      'callback enter',
      'callback leave',
      'domain leave none',
    ]);
  });

  test.each<[string, PromiseDomain]>([
    ['the hook', { name: 'a', wrapOnFinally: (callback) => callback }],
    ['no hook', a],
  ])('is told of finally() in a domain with %s for it as of then()', async (_what, domain) => {
    const events = await eventsOf(() =>
      withPromiseDomain(domain, () => DomainPromise.resolve().finally(nothing)),
    );
    expect(events.slice(0, 3)).toEqual(['domain enter a', 'then a', 'domain leave none']);
  });

  test('is told of a callback that throws', async () => {
    const chain = () =>
      DomainPromise.resolve()
        .then(() => {
          throw new Error('thrown');
        })
        .catch(nothing);
    expect(await eventsOf(chain)).toEqual([
      'then none',
      'then none',
      'callback enter',
      'callback leave',
      'callback enter',
      'callback leave',
    ]);
  });

  test('is not told of callbacks that are none', async () => {
    expect(await eventsOf(() => DomainPromise.resolve().then(undefined, null))).toEqual(['then none']);
  });

  test('gets the promise, the derived promise and the domain of then(), and the derived promise of a callback', async () => {
    const events: PromiseDomainEvent[] = [];
    observe((event) => events.push(event));
    const promise = DomainPromise.resolve();
    const derived = withPromiseDomain(a, () => promise.then(nothing));
    await allJobsDone();
    expect(events.find(({ kind }) => kind === 'then')).toEqual({ kind: 'then', promise, derived, domain: a });
    for (const event of events) {
      if (event.kind === 'then')
        expect([event.promise, event.derived, event.domain]).toEqual([promise, derived, a]);
      if ('derived' in event) expect(event.derived).toBe(derived);
    }
    expect(events.filter((event) => 'derived' in event)).toHaveLength(3);
  });

  test('sees current what is current: after entering, after leaving, inside a callback', async () => {
    const seen: [string, unknown][] = [];
    observe(({ kind }) => seen.push([kind, currentPromiseDomain()]));
    void withPromiseDomain(a, () => DomainPromise.resolve().then(nothing));
    await allJobsDone();
    expect(seen).toEqual([
      ['domain enter', a],
      ['then', a],
      ['domain leave', undefined],
      ['domain enter', a],
      ['callback enter', a],
      ['callback leave', a],
      ['domain leave', undefined],
    ]);
  });

  test('added between then() and the callback is told only of what comes', async () => {
    const chain = () => DomainPromise.resolve().then(nothing);
    void withPromiseDomain(a, chain);
    expect(await eventsOf(nothing)).toEqual(['domain enter a', 'domain leave none']);
  });
});
