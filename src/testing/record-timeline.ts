import { context, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { adopt, DomainPromise, hiddenThen } from '../domain/domain-promise.js';
import { queueJob } from '../domain/jobs.js';
import { calibrateLocals } from '../domain/local-domain.js';
import { check } from '../errors.js';
import { lend, ownProvider, registeredProvider } from './environment.js';
import { jobsDone, startTimer } from './jobs-done.js';
import { makeTimeline } from './make-timeline.js';
import { makeTracer } from './make-tracer.js';
import { runAs } from './ownership.js';
import { record } from './recorder.js';
import { Recording } from './recording.js';
import type { Timeline } from './timeline.js';
import { watchProvider } from './watch.js';

/** What a program is given while it is recorded. */
export interface TimelineTools {
  /** A tracer of the provider; its spans belong to this recording wherever they are started. */
  readonly tracer: Tracer;
  /** Adds a step that says `label`, and which span is active there. */
  mark(label: string): void;
  /**
   * Fulfilled after `n` turns of the job queue. Default: 1. An `await` of it, as of every domain promise, goes on in the
   * same context, and two turns later.
   */
  tick(n?: number): DomainPromise<void>;
}

export interface TimelineOptions {
  /** Whose spans are recorded. Default: the one that is registered globally, or else one of the installed tracing SDK. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** The heading of what is drawn. */
  readonly title?: string | undefined;
  /**
   * In milliseconds: how long to wait for the promise of the program. The timeline then shows what has happened, and its
   * result is rejected. Default: 4000, a second less than test runners wait. `Infinity` waits for ever.
   */
  readonly timeout?: number | undefined;
}

/**
 * Runs a program and records what promise domains and spans do in it, until the promise that it returns is settled and the
 * job queue is empty. The program's errors are in `result`; the returned promise is fulfilled with them too.
 *
 * Where no context manager is registered, a `DomainContextManager` is, and where no tracer provider is, one of the
 * installed tracing SDK, both until the recording is over.
 *
 * @param run the program; called in a later job, in the context that is active now and outside of all domains
 * @throws TypeError (as a rejection) if an argument is not what it must be; Error if there is no tracing SDK
 */
export async function recordTimeline<R>(
  run: (tools: TimelineTools) => R,
  options: TimelineOptions = {},
): Promise<Timeline<Awaited<R>>> {
  check('recordTimeline: run', 'function', run);
  check('recordTimeline: options', 'object', options, 'an object');
  const { title, timeout = 4000 } = options;
  if (title !== undefined) check('recordTimeline: options.title', 'string', title);
  check(
    'recordTimeline: options.timeout',
    'number',
    timeout > 0 ? timeout : undefined,
    'a positive number of milliseconds',
    timeout,
  );
  const given = options.tracerProvider;
  if (given !== undefined)
    check('recordTimeline: options.tracerProvider', 'function', given?.getTracer, 'a TracerProvider', given);
  const startedIn = context.active();
  const provider = given ?? registeredProvider() ?? (await ownProvider());
  calibrateLocals(); // its job is to be over when the program starts
  await undefined; // `run` is called in a later job in either case

  const recording = new Recording(provider);
  const giveBack = lend(provider);
  const stop = record(recording);
  watchProvider(provider);
  try {
    recording.touch();
    const program = () => runAs(recording, () => run(toolsOf(recording, provider)));
    // That its context is active is the doing of no program.
    const result = await settled(() => runAs(undefined, () => context.with(startedIn, program)), timeout);
    await jobsDone(() => recording.steps.length);
    return makeTimeline(recording, result, title);
  } finally {
    stop();
    giveBack();
  }
}

function toolsOf(recording: Recording, provider: TracerProvider): TimelineTools {
  const tracer = provider.getTracer('otel-promise-domain/testing');
  return {
    tracer: makeTracer((name, options, parent = context.active()) =>
      runAs(recording, () => tracer.startSpan(name, options, parent)),
    ),
    mark(label) {
      check('mark: label', 'string', label);
      if (!recording.isOver) recording.add('mark', { label });
    },
    tick(n = 1) {
      if (!(Number.isInteger(n) && n > 0))
        throw new RangeError(`tick: n must be a positive integer (got ${n})`);
      return new DomainPromise((resolve) => {
        const turn = (left: number) => (left > 0 ? queueJob(() => turn(left - 1)) : resolve());
        turn(n - 1);
      });
    },
  };
}

/** What the program returns or throws; a rejection if it takes too long. */
function settled<R>(program: () => R, timeout: number): Promise<PromiseSettledResult<Awaited<R>>> {
  return new Promise((resolve) => {
    let stopTimer = () => {};
    const fulfil = (value: unknown) => {
      stopTimer();
      resolve({ status: 'fulfilled', value: value as Awaited<R> }); // cast: it is settled
    };
    const reject = (reason: unknown) => {
      stopTimer();
      resolve({ status: 'rejected', reason });
    };
    const late = () => reject(new Error(`recordTimeline: run has not settled within ${timeout} ms`));
    try {
      const result = program();
      const promise = adopt(result);
      if (!promise) return fulfil(result);
      if (timeout !== Infinity) stopTimer = startTimer(late, timeout);
      void hiddenThen(promise, fulfil, reject);
    } catch (error) {
      reject(error);
    }
  });
}
