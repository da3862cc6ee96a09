import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  localPromiseDomain,
  type PromiseDomain,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { recordingDomain } from '../support/recording-domain.js';
import { allJobsDone } from '../support/unhandled-rejections.js';

const a: PromiseDomain = { name: 'a' };
const b: PromiseDomain = { name: 'b' };
const c: PromiseDomain = { name: 'c' };

const dispose = (disposable: Disposable) => disposable[Symbol.dispose]();

afterEach(async () => {
  await allJobsDone();
  expect(currentPromiseDomain()).toBeUndefined();
});

describe('localPromiseDomain()', () => {
  test('is in force until it is disposed, and restores the earlier domain by identity', () => {
    withPromiseDomain(a, () => {
      const local = localPromiseDomain(b, { replace: true });
      expect(currentPromiseDomain()).toBe(b);
      dispose(local);
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('composes with the current domain', async () => {
    const log: string[] = [];
    const outer = localPromiseDomain(recordingDomain('outer', log));
    const inner = localPromiseDomain(recordingDomain('inner', log));
    const step = DomainPromise.resolve().then(() => {});
    dispose(inner);
    dispose(outer);
    await step;
    expect(log).toEqual([
      'inner.wrapOnFulfilled',
      'outer.wrapOnFulfilled',
      'outer in',
      'inner in',
      'inner out',
      'outer out',
    ]);
  });

  test('works with using', () => {
    withPromiseDomain(a, () => {
      {
        using _ = localPromiseDomain(b, { replace: true });
        expect(currentPromiseDomain()).toBe(b);
      }
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('disposed twice, leaves what was installed after the first time alone', () => {
    const first = localPromiseDomain(a);
    dispose(first);
    dispose(first);
    expect(currentPromiseDomain()).toBeUndefined();
    const second = localPromiseDomain(a);
    dispose(first);
    expect(currentPromiseDomain()).toBe(a);
    dispose(second);
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])(
    'disposed in the order %i, %i, %i, keeps the last undisposed one in force, then restores',
    (...order) => {
      withPromiseDomain({ name: 'outside' }, () => {
        const outside = currentPromiseDomain();
        const installed = [a, b, c].map((domain) => ({
          local: localPromiseDomain(domain),
          domain: currentPromiseDomain(),
        }));
        const open = [...installed];
        for (const index of order) {
          const disposed = installed[index];
          if (disposed) {
            dispose(disposed.local);
            open.splice(open.indexOf(disposed), 1);
          }
          expect(currentPromiseDomain()).toBe(open.at(-1)?.domain ?? outside);
        }
      });
    },
  );

  test('installed twice, the same domain stays in force until both are disposed', () => {
    const first = localPromiseDomain(a, { replace: true });
    const second = localPromiseDomain(a, { replace: true });
    dispose(first);
    expect(currentPromiseDomain()).toBe(a);
    dispose(second);
    expect(currentPromiseDomain()).toBeUndefined();
    withPromiseDomain(a, () => {
      withPromiseDomain(b, () => {});
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('disposed out of order, does not take the same domain from a later body', () => {
    const first = localPromiseDomain(a);
    const second = localPromiseDomain(b);
    dispose(first);
    dispose(second);
    withPromiseDomain(a, () => {
      withPromiseDomain(b, () => {});
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('disposed inside a body, leaves with the body', () => {
    const local = localPromiseDomain(a);
    withPromiseDomain(b, () => {
      const inner = currentPromiseDomain();
      dispose(local);
      expect(currentPromiseDomain()).toBe(inner);
    });
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('disposed inside a body that installed the same domain, leaves that one alone', () => {
    const local = localPromiseDomain(a);
    withoutPromiseDomain(() => {
      withPromiseDomain(a, () => {
        dispose(local);
        expect(currentPromiseDomain()).toBe(a);
      });
    });
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('forgotten inside a body, ends with the body; disposed after it, changes nothing', () => {
    withPromiseDomain(a, () => {
      let local: Disposable | undefined;
      withPromiseDomain(b, () => {
        local = localPromiseDomain(c);
      });
      expect(currentPromiseDomain()).toBe(a);
      if (local) dispose(local);
      expect(currentPromiseDomain()).toBe(a);
    });
  });

  test('does not call wrapSync', () => {
    const log: string[] = [];
    dispose(localPromiseDomain(recordingDomain('local', log)));
    expect(log).toEqual([]);
  });

  test('disposes by Symbol.for("Symbol.dispose") where Symbol.dispose is missing', async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('../../src/domain/local-domain.ts', import.meta.url))],
      bundle: true,
      format: 'esm',
      write: false,
      define: { 'Symbol.dispose': 'undefined' },
    });
    const source = encodeURIComponent(outputFiles[0]?.text ?? '');
    const copy: Pick<typeof import('../../src/index.js'), 'localPromiseDomain'> = await import(
      /* @vite-ignore */ `data:text/javascript,${source}`
    );
    const local = copy.localPromiseDomain(a);
    expect(Reflect.ownKeys(local)).toEqual([Symbol.for('Symbol.dispose')]);
    expect(currentPromiseDomain()).toBe(a);
    Reflect.get(local, Symbol.for('Symbol.dispose'))();
    expect(currentPromiseDomain()).toBeUndefined();
  });
});
