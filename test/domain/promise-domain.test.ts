import { describe, expect, test } from 'vitest';
import {
  composePromiseDomains,
  DomainPromise,
  type PromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { recordingDomain } from '../support/recording-domain.js';
import { allJobsDone, collectUnhandledRejections } from '../support/unhandled-rejections.js';

const nothing = () => {};
const throwing = (error: unknown) => () => {
  throw error;
};

/** Calls `attach` with `domain` current and without its `wrapSync`, and resolves when its callbacks are done. */
async function attachIn(domain: PromiseDomain, attach: () => Promise<unknown>): Promise<void> {
  await withPromiseDomain({ ...domain, wrapSync: (fn) => fn() }, attach).catch(nothing);
}

describe('composePromiseDomains()', () => {
  test('returns the added domain itself where there is no base', () => {
    const added: PromiseDomain = {};
    expect(composePromiseDomains(undefined, added)).toBe(added);
  });

  test.each([
    ['wrapOnFulfilled', 'then(f)', () => DomainPromise.resolve().then(nothing)],
    ['wrapOnRejected', 'then(_, r)', () => DomainPromise.reject('reason').then(undefined, nothing)],
    ['wrapOnRejected', 'catch(r)', () => DomainPromise.reject('reason').catch(nothing)],
    ['wrapOnFinally', 'finally(c), fulfilled', () => DomainPromise.resolve().finally(nothing)],
    ['wrapOnFinally', 'finally(c), rejected', () => DomainPromise.reject('reason').finally(nothing)],
  ])(
    'lets %s of the base wrap outside, that of the added closest to the callback: %s',
    async (hook, _way, attach) => {
      const log: string[] = [];
      const composed = composePromiseDomains(recordingDomain('base', log), recordingDomain('added', log));
      await attachIn(composed, attach);
      expect(log).toEqual([`added.${hook}`, `base.${hook}`, 'base in', 'added in', 'added out', 'base out']);
    },
  );

  test('composes three in order, whichever two are composed first', async () => {
    const logs = [false, true].map(async (leftFirst) => {
      const log: string[] = [];
      const [x, y, z] = [recordingDomain('x', log), recordingDomain('y', log), recordingDomain('z', log)];
      const composed = leftFirst
        ? composePromiseDomains(composePromiseDomains(x, y), z)
        : composePromiseDomains(x, composePromiseDomains(y, z));
      await attachIn(composed, () => DomainPromise.resolve().then(nothing));
      return log.filter((line) => / (in|out)$/.test(line));
    });
    const expected = ['x in', 'y in', 'z in', 'z out', 'y out', 'x out'];
    expect(await Promise.all(logs)).toEqual([expected, expected]);
  });

  test('works where either domain lacks the hook', async () => {
    const log: string[] = [];
    const domain = recordingDomain('domain', log);
    for (const composed of [composePromiseDomains(domain, {}), composePromiseDomains({}, domain)]) {
      await attachIn(composed, () => DomainPromise.resolve().then(() => log.push('callback')));
      expect(log.splice(0)).toEqual(['domain.wrapOnFulfilled', 'domain in', 'callback', 'domain out']);
    }
  });

  test('runs a body by wrapSync of both, once each, that of the base outside', () => {
    const log: string[] = [];
    const composed = composePromiseDomains(recordingDomain('base', log), recordingDomain('added', log));
    expect(withPromiseDomain(composed, () => 'result')).toBe('result');
    expect(log).toEqual(['base.wrapSync', 'base in', 'added.wrapSync', 'added in', 'added out', 'base out']);
  });

  test('tells onError of both, the added one first, of an error in a callback and in a body', async () => {
    const log: string[] = [];
    const told = (name: string): PromiseDomain => ({ onError: (error) => log.push(`${name} ${error}`) });
    const composed = composePromiseDomains(told('base'), told('added'));
    const chain = withPromiseDomain(composed, () => DomainPromise.resolve().then(throwing('reason')));
    await expect(chain).rejects.toBe('reason');
    expect(log.splice(0)).toEqual(['added reason', 'base reason']);
    expect(() => withPromiseDomain(composed, throwing('reason'))).toThrow('reason');
    expect(log).toEqual(['added reason', 'base reason']);
  });
});

describe('onError', () => {
  test('that throws surfaces as an unhandled rejection, replaces nothing, and keeps no other from being told', async () => {
    const unhandled = collectUnhandledRejections();
    const told: unknown[] = [];
    const composed = composePromiseDomains(
      { onError: (error) => told.push(error) },
      { onError: throwing('from onError') },
    );
    const chain = withPromiseDomain(composed, () => DomainPromise.resolve().then(throwing('reason')));
    await expect(chain).rejects.toBe('reason');
    expect(() => withPromiseDomain(composed, throwing('of the body'))).toThrow('of the body');
    await allJobsDone();
    expect(told).toEqual(['reason', 'of the body']);
    expect(unhandled).toEqual(['from onError', 'from onError']);
  });

  test('is told once of what a callback throws, and not of a rejection that passes or that a callback returns', async () => {
    const told: unknown[] = [];
    await withPromiseDomain({ onError: (error) => told.push(error) }, () =>
      DomainPromise.reject('passing')
        .then(nothing)
        .then(nothing, () => DomainPromise.reject('returned'))
        .catch(throwing('thrown'))
        .then(nothing)
        .catch(nothing),
    );
    expect(told).toEqual(['thrown']);
  });

  test('is told of what a finally callback throws, and not of the rejection that passes through it', async () => {
    const told: unknown[] = [];
    await withPromiseDomain({ onError: (error) => told.push(error) }, () =>
      DomainPromise.reject('passing').finally(nothing).finally(throwing('thrown')).catch(nothing),
    );
    expect(told).toEqual(['thrown']);
  });
});

describe('a hook that returns no function', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'text'],
    ['an object', {}],
  ])('%s: then() throws a TypeError that names the hook', (_what, returned) => {
    // Reason for the cast: the type of the hook forbids what is tested here.
    const hook = (() => returned) as never;
    const attach = (domain: PromiseDomain, promise: DomainPromise<unknown>) => () =>
      withPromiseDomain(domain, () => promise.then(nothing, nothing).finally(nothing));
    const domains: [string, PromiseDomain][] = [
      ['wrapOnFulfilled', { wrapOnFulfilled: hook }],
      ['wrapOnRejected', { wrapOnRejected: hook }],
      ['wrapOnFinally', { wrapOnFinally: hook }],
    ];
    for (const [name, domain] of domains) {
      expect(attach(domain, DomainPromise.resolve())).toThrow(TypeError);
      expect(attach(domain, DomainPromise.resolve())).toThrow(
        new RegExp(`^PromiseDomain\\.${name}: result must be a function \\(got `),
      );
    }
  });

  test('names the hook that it came from where finally() falls back to another', () => {
    // Reason for the cast: the type of the hook forbids what is tested here.
    const bad: PromiseDomain = { wrapOnFulfilled: (() => 'text') as never };
    const composed = composePromiseDomains(bad, { wrapOnFinally: (callback) => callback });
    expect(() => withPromiseDomain(composed, () => DomainPromise.resolve().finally(nothing))).toThrow(
      'PromiseDomain.wrapOnFulfilled: result must be a function (got "text")',
    );
  });
});

describe('wrapOnFinally', () => {
  const withoutFinally = (name: string, log: string[]): PromiseDomain => {
    const { wrapOnFinally: _absent, ...others } = recordingDomain(name, log);
    return others;
  };

  test.each([
    ['fulfilled', 'wrapOnFulfilled', () => DomainPromise.resolve()],
    ['rejected', 'wrapOnRejected', () => DomainPromise.reject('reason')],
  ])(
    'by default, finally() of a %s promise calls the callback wrapped by %s, once',
    async (_state, hook, make) => {
      const log: string[] = [];
      const counts: Record<string, number> = {};
      const counting = (name: string) => ({
        [name]: (callback: (value: unknown) => unknown) => {
          counts[name] = (counts[name] ?? 0) + 1;
          return (value: unknown) => {
            log.push(name);
            return callback(value);
          };
        },
      });
      await attachIn({ ...counting('wrapOnFulfilled'), ...counting('wrapOnRejected') }, () =>
        make().finally(() => log.push('callback')),
      );
      expect(log).toEqual([hook, 'callback']);
      expect(counts).toEqual({ wrapOnFulfilled: 1, wrapOnRejected: 1 });
    },
  );

  test.each([
    ['fulfilled', () => DomainPromise.resolve()],
    ['rejected', () => DomainPromise.reject('reason')],
  ])('alone wraps the callback of finally(), once, on a %s promise', async (_state, make) => {
    const log: string[] = [];
    await attachIn(recordingDomain('domain', log), () => make().finally(() => log.push('callback')));
    expect(log).toEqual(['domain.wrapOnFinally', 'domain in', 'callback', 'domain out']);
  });

  test.each([
    ['fulfilled', () => DomainPromise.resolve()],
    ['rejected', () => DomainPromise.reject('reason')],
  ])(
    'beside a domain without it, that one wraps by wrapOnFulfilled, on a %s promise',
    async (_state, make) => {
      const log: string[] = [];
      const composed = composePromiseDomains(withoutFinally('base', log), recordingDomain('added', log));
      await attachIn(composed, () => make().finally(() => log.push('callback')));
      expect(log).toEqual([
        'added.wrapOnFinally',
        'base.wrapOnFulfilled',
        'base in',
        'added in',
        'callback',
        'added out',
        'base out',
      ]);
    },
  );

  test('is not called for a finally() without a function', async () => {
    const log: string[] = [];
    await attachIn(recordingDomain('domain', log), () => DomainPromise.resolve().finally(undefined));
    expect(log).toEqual([]);
  });
});
