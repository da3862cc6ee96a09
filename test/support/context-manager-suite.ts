import { EventEmitter } from 'node:events';
import { type Context, type ContextManager, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AttachedContext, DomainPromise } from '../../src/index.js';

/** In what the context managers of OpenTelemetry differ; in all else they must be alike. */
export interface Differences {
  /** The `this` of what `with` calls without one. */
  readonly thisInWith: unknown;
  /** Whether `bind` without a context binds the active one. */
  readonly bindsActive: boolean;
  readonly activeWhileDisabled: boolean;
  readonly bindsEmitters: boolean;
  readonly bindsEventTargets: boolean;
  readonly attaches: boolean;
  /** Where the context is still active that was so when the step was set up. */
  readonly keeps: {
    readonly nativeThen: boolean;
    readonly timer: boolean;
    readonly nativeAwait: boolean;
    readonly domainAwait: boolean;
  };
}

const key = createContextKey('name');
const A = ROOT_CONTEXT.setValue(key, 'A');
const B = ROOT_CONTEXT.setValue(key, 'B');

/** The behaviour of OpenTelemetry's own context managers, as tests of `make()`. */
export function describeContextManager(
  name: string,
  make: () => ContextManager,
  differences: Differences,
): void {
  describe(name, () => {
    let manager: ContextManager & { attach?(context: Context): AttachedContext };
    const active = () => manager.active().getValue(key);

    beforeEach(() => {
      manager = make().enable();
    });

    afterEach(() => {
      manager.disable();
    });

    describe('.enable() and .disable()', () => {
      test('return the manager, and may be called twice', () => {
        expect(manager.enable()).toBe(manager);
        expect(manager.disable()).toBe(manager);
        expect(manager.disable()).toBe(manager);
      });

      test('leave nothing active', () => {
        expect(manager.active()).toBe(ROOT_CONTEXT);
        manager.disable();
        expect(manager.active()).toBe(ROOT_CONTEXT);
        manager.enable();
        expect(manager.active()).toBe(ROOT_CONTEXT);
      });
    });

    test(`${differences.activeWhileDisabled ? 'makes' : 'does not make'} a context active while disabled`, () => {
      manager.disable();
      expect(manager.with(A, active)).toBe(differences.activeWhileDisabled ? 'A' : undefined);
      expect(manager.active()).toBe(ROOT_CONTEXT);
    });

    describe('.with()', () => {
      test('makes the context active, and restores the one before', () => {
        manager.with(A, () => {
          expect(manager.active()).toBe(A);
          manager.with(B, () => expect(manager.active()).toBe(B));
          expect(manager.active()).toBe(A);
        });
        expect(manager.active()).toBe(ROOT_CONTEXT);
      });

      test('passes arguments and this, and returns what the function returns', () => {
        const receiver = { factor: 3 };
        function multiply(this: typeof receiver, a: number, b: number) {
          return [this.factor * a * b, active()];
        }
        expect(manager.with(A, multiply, receiver, 2, 5)).toEqual([30, 'A']);
      });

      test(`calls a function without a receiver with ${differences.thisInWith} as this`, () => {
        const receiver = manager.with(A, function (this: unknown) {
          return this;
        } as () => unknown);
        expect(receiver).toBe(differences.thisInWith);
      });

      test('throws what the function throws, and restores the context before', () => {
        const error = new Error('thrown');
        const fail = () => {
          throw error;
        };
        manager.with(A, () => {
          expect(() => manager.with(B, fail)).toThrow(error);
          expect(active()).toBe('A');
        });
        expect(manager.active()).toBe(ROOT_CONTEXT);
      });

      test('makes the root context active inside another', () => {
        manager.with(A, () => manager.with(ROOT_CONTEXT, () => expect(manager.active()).toBe(ROOT_CONTEXT)));
      });

      test('ends at the first await for the caller of an async function', async () => {
        const running = manager.with(A, async () => {
          await null;
        });
        expect(manager.active()).toBe(ROOT_CONTEXT);
        await running;
      });
    });

    describe('.bind() of a function', () => {
      test('calls it in the context, with arguments and this, and returns its result', () => {
        const receiver = {
          name: 'receiver',
          call: manager.bind(A, function (this: { name: string }, ...args: number[]) {
            return [this.name, args, active()];
          }),
        };
        expect(manager.with(B, () => receiver.call(1, 2))).toEqual(['receiver', [1, 2], 'A']);
        expect(manager.active()).toBe(ROOT_CONTEXT);
      });

      test('gives another function of the same length', () => {
        const fn = (a: number, b: number) => a + b;
        const bound = manager.bind(A, fn);
        expect(bound).not.toBe(fn);
        expect(bound).toHaveLength(2);
      });

      test('lets it throw, and restores the context before', () => {
        const bound = manager.bind(A, () => {
          throw new Error('thrown');
        });
        expect(bound).toThrow('thrown');
        expect(manager.active()).toBe(ROOT_CONTEXT);
      });

      test(`without a context binds ${differences.bindsActive ? 'the active one' : 'none'}`, () => {
        // Reason for the cast: the API allows it, its type does not.
        const bound = manager.with(A, () => manager.bind(undefined as unknown as Context, active));
        expect(manager.with(B, bound)).toBe(differences.bindsActive ? 'A' : undefined);
      });
    });

    test.each([[undefined], [null], [1], ['text'], [Symbol.iterator], [{ on: 'no function' }], [[1, 2]]])(
      '.bind() of %s returns it as it is',
      (target) => {
        expect(manager.bind(A, target)).toBe(target);
      },
    );

    describe('.bind() of an event emitter', () => {
      const expected = differences.bindsEmitters ? 'A' : 'B';

      test(`has its listeners called in the ${differences.bindsEmitters ? 'bound' : 'emitting'} context`, () => {
        const seen: unknown[] = [];
        const emitter = new EventEmitter();
        expect(manager.bind(A, emitter)).toBe(emitter);
        for (const add of ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const)
          emitter[add]('event', (value: number) => seen.push([value, active()]));
        manager.with(B, () => emitter.emit('event', 1));
        manager.with(B, () => emitter.emit('event', 2));
        expect(seen).toEqual([...Array(5).fill([1, expected]), ...Array(3).fill([2, expected])]);
      });

      test('lets listeners be removed by what was added', () => {
        const seen: unknown[] = [];
        const listener = () => seen.push(active());
        const emitter = manager.bind(A, new EventEmitter());
        emitter.on('event', listener);
        emitter.off('event', listener);
        emitter.once('event', listener);
        emitter.removeListener('event', listener);
        emitter.emit('event');
        expect(seen).toEqual([]);
        emitter.on('event', listener).removeAllListeners('event').emit('event');
        emitter.on('event', listener).removeAllListeners().emit('event');
        expect(seen).toEqual([]);
        expect(emitter.listenerCount('event')).toBe(0);
      });

      test('changes nothing the second time', () => {
        const emitter = new EventEmitter();
        const first = manager.bind(A, emitter).on;
        expect(manager.bind(B, emitter).on).toBe(first);
      });
    });

    describe('.bind() of an EventTarget', () => {
      const expected = differences.bindsEventTargets ? 'A' : 'B';

      test(`has its listeners called in the ${differences.bindsEventTargets ? 'bound' : 'dispatching'} context`, () => {
        const seen: unknown[] = [];
        const target = manager.bind(A, new EventTarget());
        const listener = (event: Event) => seen.push([event.type, active()]);
        target.addEventListener('event', listener);
        manager.with(B, () => target.dispatchEvent(new Event('event')));
        target.removeEventListener('event', listener);
        manager.with(B, () => target.dispatchEvent(new Event('event')));
        expect(seen).toEqual([['event', expected]]);
      });
    });

    test(`${differences.attaches ? 'has' : 'does not have'} .attach(), active until its token is disposed`, () => {
      expect(typeof manager.attach).toBe(differences.attaches ? 'function' : 'undefined');
      manager.with(A, () => {
        const token = manager.attach?.(B);
        if (!token) return;
        expect(active()).toBe('B');
        manager.with(A, () => expect(active()).toBe('A'));
        expect(active()).toBe('B');
        token.dispose();
        expect(active()).toBe('A');
        token.dispose();
        expect(active()).toBe('A');
      });
    });

    const steps: Record<keyof Differences['keeps'], () => Promise<unknown>> = {
      nativeThen: () => Promise.resolve().then(active),
      timer: () => new Promise((resolve) => setTimeout(() => resolve(active()))),
      nativeAwait: async () => {
        await Promise.resolve();
        return active();
      },
      domainAwait: async () => {
        await DomainPromise.resolve();
        return active();
      },
    };

    for (const [step, keeps] of Object.entries(differences.keeps))
      test(`${keeps ? 'keeps' : 'does not keep'} the context across ${step}`, async () => {
        // Reason for the cast: the two have the same keys.
        const run = steps[step as keyof Differences['keeps']];
        expect(await Promise.all([manager.with(A, run), manager.with(B, run)])).toEqual(
          keeps ? ['A', 'B'] : [undefined, undefined],
        );
        expect(manager.active()).toBe(ROOT_CONTEXT);
      });
  });
}
