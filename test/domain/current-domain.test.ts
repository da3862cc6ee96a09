import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  type PromiseDomain,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { recordingDomain } from '../support/recording-domain.js';

const a: PromiseDomain = { name: 'a' };
const b: PromiseDomain = { name: 'b' };

const throwing = (error: unknown) => () => {
  throw error;
};

describe('currentPromiseDomain()', () => {
  test('is undefined where no domain was installed', () => {
    expect(currentPromiseDomain()).toBeUndefined();
  });
});

describe('withPromiseDomain()', () => {
  test('makes the domain itself current where there was none, and returns what fn returns', () => {
    expect(withPromiseDomain(a, () => currentPromiseDomain())).toBe(a);
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('restores the earlier domain by identity at every level', () => {
    withPromiseDomain(a, () => {
      withPromiseDomain(b, () => {
        const inner = currentPromiseDomain();
        withPromiseDomain(a, () => {});
        expect(currentPromiseDomain()).toBe(inner);
      });
      expect(currentPromiseDomain()).toBe(a);
    });
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('composes with the current domain, and leaves it out with replace', async () => {
    const log: string[] = [];
    const outer = recordingDomain('outer', log);
    const inner = recordingDomain('inner', log);
    const step = () => DomainPromise.resolve().then(() => {});
    await withPromiseDomain(outer, () => withPromiseDomain(inner, step));
    expect(log.filter((line) => line.endsWith(' in'))).toEqual([
      'outer in',
      'inner in',
      'outer in',
      'inner in',
    ]);
    log.length = 0;
    await withPromiseDomain(outer, () => withPromiseDomain(inner, step, { replace: true }));
    expect(log.filter((line) => line.endsWith(' in'))).toEqual(['outer in', 'inner in', 'inner in']);
  });

  test('with replace, makes the domain itself current inside another', () => {
    withPromiseDomain(a, () => {
      expect(withPromiseDomain(b, () => currentPromiseDomain(), { replace: true })).toBe(b);
      expect(withPromiseDomain(a, () => currentPromiseDomain(), { replace: true })).toBe(a);
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test.each([{}, { replace: false }, { replace: undefined }])('composes with options %o', (options) => {
    withPromiseDomain(a, () => {
      const inner = withPromiseDomain(b, () => currentPromiseDomain(), options);
      expect([a, b, undefined]).not.toContain(inner);
    });
  });

  test('restores the earlier domain when fn throws, and throws the same', () => {
    const error = new Error('thrown');
    withPromiseDomain(a, () => {
      expect(() => withPromiseDomain(b, throwing(error))).toThrow(error);
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('lasts for the synchronous part of an async function', async () => {
    const seen: unknown[] = [];
    await withPromiseDomain(a, async () => {
      seen.push(currentPromiseDomain());
      await null;
      seen.push(currentPromiseDomain());
    });
    expect(seen).toEqual([a, undefined]);
  });

  test('calls wrapSync once, around fn, and not that of the domain outside', () => {
    const log: string[] = [];
    withPromiseDomain(recordingDomain('outer', log), () => {
      log.length = 0;
      const result = withPromiseDomain(recordingDomain('inner', log), () => {
        log.push('fn');
        return 'result';
      });
      expect(result).toBe('result');
      expect(log).toEqual(['inner.wrapSync', 'inner in', 'fn', 'inner out']);
    });
  });

  test('returns what wrapSync returns, and throws what it throws', () => {
    const error = new Error('thrown by wrapSync');
    // Reason for the cast: the type of the hook forbids what is tested here.
    expect(withPromiseDomain({ wrapSync: (fn) => [fn()] as never }, () => 1)).toEqual([1]);
    expect(() => withPromiseDomain({ wrapSync: throwing(error) }, () => 1)).toThrow(error);
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('tells onError of each domain once of what fn throws, and throws the same', () => {
    const log: string[] = [];
    const nested = () =>
      withPromiseDomain({ onError: (error) => log.push(`outer ${error}`) }, () =>
        withPromiseDomain({ onError: (error) => log.push(`inner ${error}`) }, throwing('reason')),
      );
    expect(nested).toThrow('reason');
    expect(log).toEqual(['inner reason', 'outer reason']);
  });

  test('does not tell onError of a rejection that fn returns', async () => {
    const told: unknown[] = [];
    const rejected = withPromiseDomain({ onError: (error) => told.push(error) }, () =>
      DomainPromise.reject('reason'),
    );
    await expect(rejected).rejects.toBe('reason');
    expect(told).toEqual([]);
  });

  test('calls hooks as methods of the domain', async () => {
    const seen: unknown[] = [];
    const domain: PromiseDomain = {
      wrapOnFulfilled(callback) {
        seen.push(this);
        return callback;
      },
      wrapOnRejected(callback) {
        seen.push(this);
        return callback;
      },
      wrapOnFinally(callback) {
        seen.push(this);
        return callback;
      },
      wrapSync(fn) {
        seen.push(this);
        return fn();
      },
      onError() {
        seen.push(this);
      },
    };
    const chain = withPromiseDomain(domain, () =>
      DomainPromise.resolve()
        .then(throwing('reason'), () => {})
        .finally(() => {}),
    );
    await expect(chain).rejects.toBe('reason');
    expect(seen).toEqual(Array(5).fill(domain));
  });
});

describe('withoutPromiseDomain()', () => {
  test('leaves no domain current, returns what fn returns, and restores the earlier one by identity', () => {
    withPromiseDomain(a, () => {
      expect(withoutPromiseDomain(() => [currentPromiseDomain()])).toEqual([undefined]);
      expect(currentPromiseDomain()).toBe(a);
      expect(() => withoutPromiseDomain(throwing('reason'))).toThrow('reason');
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('captures nothing in then(), whatever is current when the callback runs', async () => {
    const log: string[] = [];
    const domain = recordingDomain('domain', log);
    await withPromiseDomain(domain, () => {
      log.length = 0;
      return withoutPromiseDomain(() =>
        DomainPromise.resolve().then(() => log.push(`${currentPromiseDomain()}`)),
      );
    });
    expect(log).toEqual(['domain out', 'undefined']);
  });

  test('lets a domain installed inside act alone', () => {
    withPromiseDomain(a, () => {
      withoutPromiseDomain(() => {
        expect(withPromiseDomain(b, () => currentPromiseDomain())).toBe(b);
      });
    });
  });
});
