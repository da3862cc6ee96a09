import { context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import {
  DomainContextManager,
  DomainPromise,
  localOtelPromiseDomain,
  localPromiseDomain,
  withOtelSpan,
} from '../../src/index.js';
import { LeakError, recordTimeline, watchLeaks } from '../../src/testing/index.js';
import { bracketingManagers, register } from '../support/awaiting.js';
import { dispose } from '../support/dispose.js';
import { startTracing } from '../support/tracing.js';

const nothing = () => {};

/** What `check()` of a watch is rejected with after `program`. */
async function leaksOf(program: () => unknown, options = {}): Promise<unknown> {
  const watch = await watchLeaks(options);
  await program();
  return watch.check().then(nothing, (error: unknown) => error);
}

describe('watchLeaks()', () => {
  test('finds a span that is open, by its last name, and the place that started it', async () => {
    const { tracer } = startTracing(new DomainContextManager());
    const error = await leaksOf(() => {
      tracer.startSpan('ended').end();
      tracer.startSpan('first name').updateName('last name');
    });
    expect(error).toBeInstanceOf(LeakError);
    expect(error).toMatchObject({
      name: 'LeakError',
      code: 'LEAK',
      leaks: [{ kind: 'span', name: 'last name', site: expect.stringMatching(/leaks\.test\.m?[jt]s/) }],
    });
    expect((error as Error).message).toMatch(
      /^the test has left behind:\n {2}the open span last name, started by .*leaks\.test\.m?[jt]s:\d+:\d+/,
    );
  });

  test('finds spans of providers that nobody has registered, and of those registered meanwhile', async () => {
    const error = await leaksOf(() => {
      new BasicTracerProvider().getTracer('test').startSpan('of its own');
      startTracing(new DomainContextManager()).tracer.startSpan('of the registered');
    });
    expect((error as LeakError).leaks.map(({ name }) => name)).toEqual(['of its own', 'of the registered']);
  });

  test('finds spans where nothing is registered, and registers nothing for longer', async () => {
    const tracer = trace.getTracer('library');
    const error = await leaksOf(() => {
      tracer.startSpan('open');
      tracer.startActiveSpan('ended', (span) => span.end());
    });
    expect((error as LeakError).leaks.map(({ name }) => name)).toEqual(['open']);
    expect(tracer.startSpan('later').isRecording()).toBe(false);
    expect(Object.hasOwn(trace, 'setGlobalTracerProvider')).toBe(false);
  });

  test('leaves it to the test to register what it needs', async () => {
    const manager = new DomainContextManager();
    const watch = await watchLeaks();
    const { finishedNames, tracer } = startTracing(manager);
    tracer.startSpan('exported').end();
    expect(finishedNames()).toEqual(['exported']);
    await watch.check();
    trace.getTracer('test').startSpan('after it').end();
    expect(finishedNames()).toEqual(['exported', 'after it']);
  });

  test('finds local domains that were not disposed', async () => {
    const error = await leaksOf(() => {
      dispose(localOtelPromiseDomain());
      localPromiseDomain({ name: 'forgotten' });
    });
    expect(error).toMatchObject({ leaks: [{ kind: 'domain', name: 'forgotten' }] });
  });

  test.each(bracketingManagers)(
    'finds contexts that are attached under the %s',
    async (_name, makeManager) => {
      const manager = register(makeManager());
      const key = createContextKey('key');
      const error = await leaksOf(() => {
        manager.attach(ROOT_CONTEXT.setValue(key, 1)).dispose();
        manager.attach(ROOT_CONTEXT.setValue(key, 2));
        context.with(ROOT_CONTEXT.setValue(key, 3), nothing);
      });
      expect(error).toMatchObject({ leaks: [{ kind: 'context', name: 'without a span' }] });
      expect((error as Error).message).toContain('the attached context without a span, attached by ');
    },
  );

  test('finds nothing where everything ends, jobs that are still queued included', async () => {
    const { tracer } = startTracing(new DomainContextManager());
    const error = await leaksOf(() => {
      void withOtelSpan('op', { tracer }, () => DomainPromise.resolve().then(nothing).then(nothing));
      const suspended = async () => {
        const local = localOtelPromiseDomain();
        await Promise.resolve();
        dispose(local);
      };
      void suspended();
    });
    expect(error).toBeUndefined();
  });

  test('does not count what was there before, and what is to be ignored', async () => {
    const { tracer } = startTracing(new DomainContextManager());
    tracer.startSpan('before');
    const error = await leaksOf(() => tracer.startSpan('background'), {
      ignore: ({ name }: { name: string }) => name === 'background',
    });
    expect(error).toBeUndefined();
  });

  test('finds what a recorded program leaves', async () => {
    const error = await leaksOf(() => recordTimeline(({ tracer }) => void tracer.startSpan('recorded')));
    expect(error).toMatchObject({ leaks: [{ name: 'recorded' }] });
  });

  test('of overlapping watches lets the last one speak for all', async () => {
    const { tracer } = startTracing(new DomainContextManager());
    const [first, second] = await Promise.all([watchLeaks(), watchLeaks()]);
    tracer.startSpan('open');
    await first.check();
    await expect(first.check()).rejects.toThrow(
      'check: it was called already; tests that run at the same time need a watch each',
    );
    await expect(second.check()).rejects.toThrow(
      /^one of the tests that ran at the same time has left behind:\n/,
    );
    expect(await leaksOf(nothing)).toBeUndefined();
  });

  test('leaves nothing behind itself', async () => {
    const manager = new DomainContextManager();
    startTracing(manager);
    const tracerClass = Object.getPrototypeOf(new BasicTracerProvider().getTracer('test'));
    const { startSpan } = tracerClass;
    await leaksOf(() => expect(tracerClass.startSpan).not.toBe(startSpan));
    expect(tracerClass.startSpan).toBe(startSpan);
    expect(Object.getOwnPropertyNames(manager)).toEqual([]);
    expect(Object.hasOwn(trace, 'setGlobalTracerProvider')).toBe(false);
  });

  test.each([
    ['null', null, 'watchLeaks: options must be an object (got null)'],
    ['a pattern', { ignore: /a/ }, 'watchLeaks: options.ignore must be a function (got object)'],
  ])('refuses %s', async (_what, options, message) => {
    await expect(watchLeaks(options as never)).rejects.toThrow(new TypeError(message));
  });
});
