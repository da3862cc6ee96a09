import { AsyncLocalStorage } from 'node:async_hooks';
import { getActiveResourcesInfo, nextTick } from 'node:process';
import { context, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  DomainContextManager,
  DomainPromise,
  localOtelPromiseDomain,
  withOtelSpan,
} from '../../src/index.js';
import {
  recordTimeline,
  type TimelineOptions,
  type TimelineTools,
  watchLeaks,
} from '../../src/testing/index.js';
import '../../src/testing/vitest.js';
import { acceptanceProgram, acceptanceText } from '../support/acceptance-program.js';
import { dispose } from '../support/dispose.js';
import { startTracing } from '../support/tracing.js';

const nothing = () => {};
const wrong = (value: unknown) => value as never;

describe('the result', () => {
  test.each<[string, () => unknown, object]>([
    ['returns', () => 'value', { status: 'fulfilled', value: 'value' }],
    ['throws', () => { throw 'thrown'; }, { status: 'rejected', reason: 'thrown' }], // biome-ignore format: one line a case
    ['returns a promise', async () => 'value', { status: 'fulfilled', value: 'value' }],
    ['returns a promise that is rejected', () => Promise.reject(1), { status: 'rejected', reason: 1 }],
    [
      'returns a thenable',
      () => ({ then: (f: (v: string) => void) => f('value') }),
      { status: 'fulfilled', value: 'value' },
    ],
    [
      'returns a domain promise',
      () => DomainPromise.resolve('value'),
      { status: 'fulfilled', value: 'value' },
    ],
  ])('of a program that %s', async (_what, program, result) => {
    expect((await recordTimeline(program)).result).toEqual(result);
  });

  test.each<[unknown, string]>([
    [new RangeError('out of range\nsecond line'), 'rejected: RangeError: out of range'],
    ['text', 'rejected: "text"'],
    [undefined, 'rejected: undefined'],
    [new Error(), 'rejected: Error'],
    [{ code: 'E_FAIL', retries: 2, cause: {} }, 'rejected: { code: "E_FAIL", retries: 2, cause: … }'],
    [
      new AggregateError([new TypeError('a'), 'b'], 'both'),
      'rejected: AggregateError: both (TypeError: a; "b")',
    ],
    [Symbol('reason'), 'rejected: Symbol(reason)'],
    [function reason() {}, 'rejected: function reason'],
    ['a'.repeat(100), `rejected: "${'a'.repeat(79)}…`],
    [{ get code() { throw new Error('never'); } }, 'rejected: something that cannot be shown'], // biome-ignore format: one line a case
  ])('is told in one line: %#', async (thrown, told) => {
    const timeline = await recordTimeline(() => Promise.reject(thrown));
    expect(timeline.outcome).toBe(told);
    expect(String(timeline)).toBe(`nothing was recorded\n\nthe program: ${told}`);
  });

  test('comes after a while where the program never ends, with what has happened', async () => {
    const timeline = await recordTimeline(
      ({ mark }) => {
        mark('start');
        return new Promise(nothing);
      },
      { timeout: 1 },
    );
    expect(timeline.outcome).toBe('rejected: Error: recordTimeline: run has not settled within 1 ms');
    expect(timeline.steps).toHaveLength(1);
  });

  test('comes under fake timers as well', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    expect((await recordTimeline(() => new Promise(nothing), { timeout: 1 })).outcome).toMatch('1 ms');
    expect((await recordTimeline(() => 1)).outcome).toBe('fulfilled');
  });

  test('leaves no timer behind', async () => {
    const handles = () => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = handles();
    await recordTimeline(() => Promise.resolve());
    expect(handles()).toBe(before);
  });
});

describe('the recording', () => {
  test('goes on until the job queue is empty, and no further', async () => {
    let late = nothing;
    const timeline = await recordTimeline(({ mark, tick }) => {
      void tick(30).then(() => mark('in a job'));
      late = () => mark('too late');
    });
    late();
    expect(timeline.steps.map(({ label }) => label)).toEqual([undefined, undefined, 'in a job', undefined]);
  });

  test('does not wait for timers and the like, whether they are due or not', async () => {
    const busyFor = (milliseconds: number) => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    };
    for (let i = 0; i < 20; i++) {
      const timeline = await recordTimeline(({ tracer }) => {
        const span = tracer.startSpan('save');
        setTimeout(() => span.end());
        busyFor(i % 2 ? 2 : 0);
      });
      expect(timeline.spans).toMatchObject([{ ends: [] }]);
    }
  });

  test('goes on while jobs and ticks of Node queue each other', async () => {
    const later = nextTick.bind(undefined);
    const timeline = await recordTimeline(({ mark }) => {
      let left = 20;
      const next = () => {
        mark(`${left}`);
        left -= 1;
        if (left > 0) void Promise.resolve().then(() => later(next));
      };
      next();
    });
    expect(timeline.steps).toHaveLength(20);
  });

  test('has a title', async () => {
    const timeline = await recordTimeline(nothing, { title: 'two\nlines' });
    expect(timeline.title).toBe('two\nlines');
    expect(String(timeline)).toBe('two\\nlines\n\nnothing was recorded\n\nthe program: fulfilled');
  });

  test('is the same every time', async () => {
    const texts = new Set<string>();
    for (let i = 0; i < 20; i++) texts.add(String(await recordTimeline(acceptanceProgram)));
    expect(texts.size).toBe(1);
  });

  test('is plain data', async () => {
    const { steps, spans } = await recordTimeline(acceptanceProgram);
    expect(JSON.parse(JSON.stringify({ steps, spans }))).toEqual({ steps, spans });
    expect(steps[3]).toEqual({
      tick: 0,
      step: 3,
      at: 't0.3',
      kind: 'then captured',
      span: 'async_op',
      label: 'someAsyncWork',
      method: 'then',
      call: 1,
      active: 'async_op',
    });
    expect(spans).toEqual([
      {
        id: 's1',
        name: 'async_op',
        label: 'async_op',
        startedAt: 't0.1',
        endedAt: 't2.0',
        ends: ['t2.0'],
        status: 'unset',
        exceptions: [],
        recorded: true,
      },
    ]);
  });

  test('tells spans of one name apart, and takes the last name of each', async () => {
    const { spans } = await recordTimeline(({ tracer }) => {
      for (const name of ['query', 'query', 'other']) tracer.startSpan(name).updateName('query').end();
    });
    expect(spans.map(({ label }) => label)).toEqual(['query (1)', 'query (2)', 'query (3)']);
  });

  test('gives labels that no other span has', async () => {
    const { spans } = await recordTimeline(({ tracer }) => {
      for (const name of ['query', 'query', 'query (2)']) tracer.startSpan(name).end();
    });
    expect(spans.map(({ label }) => label)).toEqual(['query (1)', 'query (3)', 'query (2)']);
  });

  test('has the tree of spans, however deep it is', async () => {
    const timeline = await recordTimeline(({ tracer }) => {
      let parent = context.active();
      for (let i = 0; i < 3000; i++) {
        const span = tracer.startSpan('span', {}, parent);
        parent = trace.setSpan(parent, span);
        span.end();
      }
      tracer.startSpan('other root').end();
    });
    const lines = String(timeline)
      .split('\n')
      .slice(timeline.steps.length + 3, -2);
    expect(lines).toHaveLength(3001);
    expect(lines[2]).toMatch(/^ {6}span \(3\) +t0\.4 to t0\.5$/);
    expect(lines[2999]).toMatch(/^ {42}\(depth 2999\) span \(3000\) +t0\.5998 to t0\.5999$/);
    expect(lines[3000]).toMatch(/^ {2}other root /);
  });

  test('has status, message and exceptions of spans', async () => {
    const timeline = await recordTimeline(({ tracer }) =>
      withOtelSpan('op', { tracer }, () => {
        throw new RangeError('out of range');
      }),
    );
    expect(timeline.spans[0]).toMatchObject({
      status: 'error',
      message: 'out of range',
      exceptions: ['RangeError'],
    });
    expect(String(timeline)).toContain('op  t0.0 to t0.3  error: out of range, recorded RangeError');
  });

  test('runs the program in the context of its caller, outside of all domains', async () => {
    context.setGlobalContextManager(new DomainContextManager());
    onTestFinished(() => context.disable());
    const key = Symbol('key');
    const recorded = context.with(context.active().setValue(key, 'value'), () =>
      recordTimeline(() => context.active().getValue(key)),
    );
    expect((await recorded).result).toEqual({ status: 'fulfilled', value: 'value' });
  });
});

describe('concurrent recordings', () => {
  const program =
    (name: string, turns: number) =>
    async ({ tracer, mark, tick }: TimelineTools) => {
      for (let i = 0; i < 3; i++) {
        await tick(turns);
        await withOtelSpan(`${name} ${i}`, { tracer }, () =>
          DomainPromise.resolve().then(() => {
            mark(name);
            trace.getTracer('global').startSpan(`${name} child`).end();
          }),
        );
        await new Promise((resolve) => setImmediate(resolve));
        await DomainPromise.resolve().then(() => mark(`${name} later`));
      }
    };

  test('have the same text as each alone', async () => {
    new AsyncLocalStorage(); // by which they are told apart
    const alone = [];
    for (const turns of [1, 2, 3]) alone.push(String(await recordTimeline(program(`p${turns}`, turns))));
    const together = await Promise.all([1, 2, 3].map((turns) => recordTimeline(program(`p${turns}`, turns))));
    expect(together.map(String)).toEqual(alone);
    expect(new Set(alone).size).toBe(3);
  });

  test('do not see what chains of those do that are over', async () => {
    let settle = nothing;
    await recordTimeline(({ tracer }) => {
      const { promise, resolve } = DomainPromise.withResolvers<void>();
      settle = resolve;
      const local = localOtelPromiseDomain();
      void promise.then(() => tracer.startSpan('late').end());
      dispose(local);
    });
    const timeline = await recordTimeline(async ({ mark, tick }) => {
      settle();
      await tick(5);
      mark('done');
    });
    expect(timeline.steps.map(({ label }) => label)).toEqual(['done']);
  });

  test('have the spans of their tracer, and what others do to these', async () => {
    const { promise, resolve } = DomainPromise.withResolvers<(work: () => void) => void>();
    const worker = promise.then((give) => give(nothing)); // of no recording, as it was there before
    const timeline = await recordTimeline(async ({ tracer }) => {
      const parent = tracer.startSpan('parent');
      resolve(() => {
        tracer.startSpan('by the tracer').end();
        const active = trace.setSpan(context.active(), parent);
        context.with(active, () => trace.getTracer('global').startSpan('below it').end());
        parent.end();
      });
      await worker;
    });
    expect(timeline).toEndSpan('by the tracer');
    expect(timeline).toStartSpan('below it', { parent: 'parent' });
    expect(timeline).toEndSpan('parent');
    expect(timeline.steps).toMatchObject(Array(8).fill({}));
  });

  test('see the end of a span that was started before', async () => {
    const span = new BasicTracerProvider().getTracer('test').startSpan('before');
    const timeline = await recordTimeline(() =>
      context.with(trace.setSpan(context.active(), span), () => span.end()),
    );
    expect(timeline.steps.map(({ kind }) => kind)).toEqual(['span activate', 'span end', 'span deactivate']);
  });

  test('do not see that another one is made in them', async () => {
    new AsyncLocalStorage(); // by which they are told apart
    const outer = await recordTimeline(async ({ tracer, mark }) => {
      await tracer.startActiveSpan('outer', (span) => recordTimeline(() => span.end()));
      mark('done');
    });
    expect(outer.steps.map(({ kind }) => kind)).toEqual([
      'span start',
      'span activate',
      'span deactivate',
      'span end',
      'mark',
    ]);
  });

  test('do not see what chains do that were there before, or that others leave', async () => {
    new AsyncLocalStorage(); // by which they are told apart
    const { promise, resolve } = DomainPromise.withResolvers<void>();
    const stray = promise.then(() => trace.getTracer('stray').startSpan('stray').end());
    const timeline = await recordTimeline(async ({ mark }) => {
      resolve();
      await stray;
      mark('done');
    });
    expect(timeline.steps.map(({ label }) => label)).toEqual(['done']);
    expect(timeline.spans).toEqual([]);
  });
});

describe('the tracer provider', () => {
  const exporting = (options = {}) => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({
      ...options,
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    return { provider, names: () => exporter.getFinishedSpans().map(({ name }) => name) };
  };

  test('that is given is the one of the tracer, and exports as ever', async () => {
    const { provider, names } = exporting();
    const timeline = await recordTimeline(({ tracer }) => withOtelSpan('op', { tracer }, nothing), {
      tracerProvider: provider,
    });
    expect(timeline).toEndSpan('op', { once: true });
    expect(names()).toEqual(['op']);
  });

  test('that is given is the global one meanwhile, where none is registered', async () => {
    const { provider, names } = exporting();
    await recordTimeline(() => trace.getTracer('lib').startSpan('op').end(), { tracerProvider: provider });
    expect(names()).toEqual(['op']);
    trace.getTracer('lib').startSpan('not traced').end();
    expect(names()).toEqual(['op']);
  });

  test('that is registered is used and stays registered, and the context manager as well', async () => {
    const manager = new DomainContextManager();
    const { finishedNames } = startTracing(manager);
    const timeline = await recordTimeline(({ tracer }) => tracer.startActiveSpan('op', (span) => span.end()));
    expect(timeline.steps).toHaveLength(4);
    expect(finishedNames()).toEqual(['op']);
    expect(Object.hasOwn(manager, 'with')).toBe(false);
    trace.getTracer('later').startSpan('later').end();
    expect(finishedNames()).toEqual(['op', 'later']);
  });

  test('may come from a tracer that was made before it: spans of both kinds are recorded', async () => {
    const { tracer } = startTracing(new DomainContextManager());
    const timeline = await recordTimeline(() => tracer.startSpan('op').end());
    expect(timeline.spans).toHaveLength(1);
  });

  test('is given back: a tracer that was first used in a recording goes on with what is registered later', async () => {
    const tracer = trace.getTracer('library');
    const timeline = await recordTimeline(() => tracer.startSpan('recorded').end());
    expect(timeline.spans).toHaveLength(1);
    tracer.startSpan('not traced').end();
    const { finishedNames } = startTracing(new DomainContextManager());
    tracer.startSpan('later').end();
    expect(finishedNames()).toEqual(['later']);
  });

  test('is that of the recording, each time, for a tracer that the library keeps', async () => {
    const tracer = trace.getTracer('library');
    for (const _time of [1, 2]) {
      const { provider, names } = exporting();
      await recordTimeline(() => tracer.startSpan('op').end(), { tracerProvider: provider });
      expect(names()).toEqual(['op']);
    }
  });

  test('is that of the recording where several are recorded at a time', async () => {
    new AsyncLocalStorage(); // by which they are told apart
    const tracer = trace.getTracer('library');
    const both = [exporting(), exporting()];
    const recordings = both.map(({ provider }, index) =>
      recordTimeline(
        async ({ tick }) => {
          await tick();
          tracer.startSpan(`op ${index}`).end();
        },
        { tracerProvider: provider },
      ),
    );
    await Promise.all(recordings);
    expect(both.map(({ names }) => names())).toEqual([['op 0'], ['op 1']]);
  });

  test('is given back only by the last of several recordings', async () => {
    let end = nothing;
    const long = recordTimeline(() => new Promise<void>((resolve) => (end = resolve)));
    await recordTimeline(nothing);
    expect(trace.getTracer('test').startSpan('op').isRecording()).toBe(true);
    end();
    await long;
    expect(trace.getTracer('test').startSpan('op').isRecording()).toBe(false);
  });

  test('may be registered by the program, and the context manager as well', async () => {
    const timeline = await recordTimeline(() => {
      const { tracer, finishedNames } = startTracing(new DomainContextManager());
      tracer.startActiveSpan('op', (span) => DomainPromise.resolve().then(() => span.end()));
      return finishedNames;
    });
    expect(timeline).toEndSpan('op', { at: 't1.1' });
    const { result } = timeline;
    expect(result.status === 'fulfilled' && result.value()).toEqual(['op']);
  });

  test('may sample nothing: its spans are recorded, and told to be unsampled', async () => {
    const { provider, names } = exporting({ sampler: new AlwaysOffSampler() });
    const timeline = await recordTimeline(
      ({ tracer }) => tracer.startActiveSpan('op', (span) => DomainPromise.resolve().then(() => span.end())),
      { tracerProvider: provider },
    );
    expect(timeline.spans).toMatchObject([{ name: 'op', recorded: false, ends: ['t1.1'] }]);
    expect(String(timeline)).toContain('op  t0.0 to t1.1  not sampled');
    expect(names()).toEqual([]);
  });

  test('may have spies put on what is watched, which take the wrappers with them', async () => {
    const manager = new DomainContextManager();
    startTracing(manager);
    const program = ({ tracer }: TimelineTools) => tracer.startActiveSpan('op', (span) => span.end());
    await recordTimeline((tools) => {
      vi.spyOn(manager, 'with');
      program(tools);
    });
    vi.restoreAllMocks();
    expect((await recordTimeline(program)).steps).toHaveLength(4);
  });

  test('may sample nothing: then no span is left open, though withOtelSpan() ends none', async () => {
    const { provider } = exporting({ sampler: new AlwaysOffSampler() });
    const watch = await watchLeaks();
    const timeline = await recordTimeline(({ tracer }) => withOtelSpan('op', { tracer }, nothing), {
      tracerProvider: provider,
    });
    expect(timeline).toLeaveNoSpanOpen();
    expect(String(timeline)).toContain('op  t0.0  not sampled');
    expect(timeline.toSVG()).not.toContain('never ended');
    await watch.check();
  });

  test('may be of another class, and be registered by the program', async () => {
    const started: string[] = [];
    class OtherTracer {
      readonly #tracer = new BasicTracerProvider().getTracer('other');
      startSpan(name: string) {
        started.push(name);
        return this.#tracer.startSpan(name);
      }
      startActiveSpan = this.#tracer.startActiveSpan.bind(this.#tracer);
    }
    onTestFinished(() => trace.disable());
    const timeline = await recordTimeline(() => {
      trace.setGlobalTracerProvider({ getTracer: () => new OtherTracer() });
      trace.getTracer('app').startSpan('op').end();
    });
    expect(started).toEqual(['op']);
    expect(timeline).toEndSpan('op', { once: true });
  });

  test('is watched only while something is recorded', async () => {
    const tracerClass = Object.getPrototypeOf(new BasicTracerProvider().getTracer('test'));
    const { startSpan } = tracerClass;
    const during = await recordTimeline(() => tracerClass.startSpan !== startSpan);
    expect(during.result).toEqual({ status: 'fulfilled', value: true });
    expect(tracerClass.startSpan).toBe(startSpan);
  });
});

describe('arguments', () => {
  test.each<[string, unknown, unknown, string]>([
    ['no function', 'text', {}, 'recordTimeline: run must be a function (got "text")'],
    ['null for options', nothing, null, 'recordTimeline: options must be an object (got null)'],
    [
      'a title that is no text',
      nothing,
      { title: 1 },
      'recordTimeline: options.title must be a string (got 1)',
    ],
    [
      'a timeout that is no number',
      nothing,
      { timeout: '1' },
      'recordTimeline: options.timeout must be a positive number of milliseconds (got "1")',
    ],
    [
      'a timeout that is not positive',
      nothing,
      { timeout: 0 },
      'recordTimeline: options.timeout must be a positive number of milliseconds (got 0)',
    ],
    [
      'a provider that is none',
      nothing,
      { tracerProvider: {} },
      'recordTimeline: options.tracerProvider must be a TracerProvider (got object)',
    ],
  ])('are refused: %s', async (_what, run, options, message) => {
    await expect(recordTimeline(wrong(run), options as TimelineOptions)).rejects.toThrow(
      new TypeError(message),
    );
  });

  test('of mark() and tick() are refused', async () => {
    await recordTimeline(({ mark, tick }) => {
      expect(() => mark(wrong(1))).toThrow(new TypeError('mark: label must be a string (got 1)'));
      expect(() => tick(0)).toThrow(new RangeError('tick: n must be a positive integer (got 0)'));
    });
  });

  test('of tick() say after how many turns it is fulfilled', async () => {
    const timeline = await recordTimeline(async ({ mark, tick }) => {
      for (const n of [3, 1, 2]) void Promise.prototype.then.call(tick(n), () => mark(`tick(${n})`));
      for (let turn = 1; turn <= 3; turn++) {
        await undefined;
        mark(`turn ${turn}`);
      }
    });
    expect(timeline.steps.map(({ at, label }) => `${at} ${label}`)).toEqual([
      't0.0 tick(1)',
      't0.1 turn 1',
      't1.0 tick(2)',
      't1.1 turn 2',
      't2.0 tick(3)',
      't2.1 turn 3',
    ]);
  });
});

test('the acceptance program is recorded with other recordings going on', async () => {
  const others = [recordTimeline(({ tick }) => tick(9)), recordTimeline(({ tick }) => tick(3))];
  expect(await recordTimeline(acceptanceProgram)).toMatchTimeline(acceptanceText);
  await Promise.all(others);
});
