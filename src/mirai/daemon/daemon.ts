import { context } from '@opentelemetry/api';
import { MiraiInterrupt } from '../errors.js';
import type { DaemonStart, Ended, HostMessage, Run } from '../protocol/messages.js';
import { Pauses } from '../protocol/pauses.js';
import { packError } from '../protocol/remote-error.js';
import { now } from '../telemetry/time.js';
import { rememberSurroundings } from './cleanup.js';
import type { DaemonTelemetry } from './daemon-telemetry.js';
import {
  cannotCopy,
  type DefinedTask,
  evaluateTask,
  failed,
  functionOf,
  type Outcome,
  succeeded,
} from './evaluate.js';
import type { HostPort } from './host-port.js';
import { isInterruption } from './interruptible.js';
import { explain, type TaskFunction } from './load-task.js';
import { RunningTask } from './running-task.js';
import { trimStack } from './trim-stack.js';

/** How long a daemon blocks for the next task, in ms: it is there at once, and what else lives in the thread waits. */
const lingerTime = 1;

/** After how many ms of tasks without a pause the event loop gets its turn. */
const turnTime = 10;

/** Calls what a task does, in the way of the engine. @param isShort whether it took less than 1 ms the last time */
export type Enter = <R>(task: RunningTask, fn: () => R, isShort: boolean) => R;

/** Evaluates the tasks that it is sent, one after the other. */
export class Daemon {
  readonly #start: DaemonStart;
  readonly #port: HostPort;
  readonly #telemetry: DaemonTelemetry;
  readonly #enter: Enter;
  readonly #tasks = new Map<number, DefinedTask>();
  readonly #queue: { run: Run; task: DefinedTask }[] = [];
  readonly #pauses = new Pauses();
  #current: { task: RunningTask; end: (outcome: Outcome | undefined) => void } | undefined;
  #last: number | undefined;
  /** Counts the times that tasks were begun to be taken from the queue; a former one that was broken off takes no more. */
  #generation = 0;
  #isPumping = false;
  #leave: (() => void) | undefined;

  constructor(start: DaemonStart, port: HostPort, telemetry: DaemonTelemetry, enter: Enter) {
    this.#start = start;
    this.#port = port;
    this.#telemetry = telemetry;
    this.#enter = enter;
  }

  get current(): RunningTask | undefined {
    return this.#current?.task;
  }

  /** Evaluates tasks until it is told to leave. */
  async serve(threadId: number): Promise<void> {
    const left = new Promise<void>((resolve) => {
      this.#leave = resolve;
    });
    const connect = this.#telemetry.connected();
    this.#port.post({ kind: 'ready', pid: process.pid, threadId, connect, spans: this.#telemetry.take() });
    this.#port.listen((messages) => {
      this.#receive(messages);
      this.#pump().catch(giveUp);
    });
    await left;
    this.#port.post({ kind: 'leaving' });
    this.#current?.task.abort(new MiraiInterrupt('the daemon leaves'));
    this.#current?.end(undefined);
    this.#telemetry.disconnected();
    await this.#telemetry.flush();
    this.#port.post({ kind: 'left', spans: this.#telemetry.take() });
  }

  /**
   * An interrupt has come while the event loop was free: what it is meant for waits for something, and is left to itself.
   */
  abandon(): void {
    if (!this.#current || !this.#port.ledger.isCondemned(this.#current.task.job)) return;
    const { task, end } = this.#current;
    const interrupt = new MiraiInterrupt('the task was interrupted');
    task.abort(interrupt);
    end(failed(interrupt));
    this.#isPumping = false;
    this.#pump().catch(giveUp);
  }

  /** Tells the host of what a task left behind and nobody handles. */
  stray(error: unknown): void {
    const task = this.#current?.task.id ?? this.#last;
    this.#port.post({ kind: 'stray', task, error: packError(error, trimStack) });
  }

  #receive(messages: readonly HostMessage[]): void {
    for (const message of messages) {
      switch (message.kind) {
        case 'define':
          this.#tasks.set(message.task, {
            source: message.source,
            fn: undefined,
            took: Number.POSITIVE_INFINITY,
          });
          break;
        case 'forget':
          this.#tasks.clear();
          break;
        case 'run': {
          const task = this.#tasks.get(message.task);
          if (!task) throw new Error(`the task ${message.task} was never defined`);
          this.#queue.push({ run: message, task });
          break;
        }
        case 'abort':
          if (this.#current?.task.job === message.job) {
            this.#current.task.abort(new MiraiInterrupt('the task was cancelled'));
          }
          break;
        case 'leave':
          this.#generation++;
          this.#leave?.();
      }
    }
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    const generation = ++this.#generation;
    let turn = performance.now();
    for (let next = this.#next(); next && generation === this.#generation; next = this.#next()) {
      if (this.#port.ledger.start(next.run.job)) await this.#run(next.run, next.task);
      if (generation !== this.#generation) return;
      if (performance.now() - turn < turnTime) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    if (generation === this.#generation) this.#isPumping = false;
  }

  /** The next task, for which a thread blocks a moment. */
  #next() {
    if (this.#queue.length > 0) return this.#queue.shift();
    const { ledger, blocks } = this.#port;
    const since = performance.now();
    this.#pauses.begin(since);
    const awake = this.#pauses.areWithin(this.#start.awake * 0.85) ? this.#start.awake : 0;
    for (const end = since + lingerTime; ; ) {
      const { rung } = ledger;
      const messages = this.#port.receive();
      if (messages) {
        this.#receive(messages);
        if (this.#queue.length > 0) return this.#queue.shift();
      } else {
        const left = end - performance.now();
        if (!blocks || left <= 0 || !ledger.wait(rung, left, awake)) return undefined;
      }
    }
  }

  async #run(run: Run, defined: DefinedTask): Promise<void> {
    const restore = this.#start.cleanup && !run.stays ? rememberSurroundings() : undefined;
    const task = new RunningTask(run, (fraction) => {
      if (this.#current?.task === task) this.#port.post({ kind: 'progress', job: run.job, fraction });
    });
    const started = performance.now();
    this.#pauses.end(started);
    const time = now();
    const waited = Math.max(0, time - run.submitted);
    const traced = this.#telemetry.startEval(run, time, waited);
    task.span = traced?.span;
    const end = (outcome: Outcome | undefined) => {
      this.#current = undefined;
      this.#last = run.id;
      const ran = performance.now() - started;
      defined.took = ran;
      const checked = traced && outcome ? checkCopy(outcome) : outcome;
      const brief = traced && this.#telemetry.endEval(traced.span, checked, task.aborted);
      if (checked) this.#report(checked, { job: run.job, ran, waited, ...(brief && { eval: brief }) });
    };
    this.#current = { task, end };
    const call = (fn: TaskFunction) => this.#enter(task, () => evaluateTask(fn, run), defined.took < 1);
    let outcome: Outcome;
    let hasArrived = false;
    try {
      const fn = defined.fn ?? (await functionOf(defined));
      const value = traced ? context.with(traced.context, call, undefined, fn) : call(fn);
      // Also where it is no promise: what the task has put into the job queue comes before the next task.
      outcome = succeeded(await value, this.#start.shares);
    } catch (thrown) {
      hasArrived = isInterruption(thrown);
      outcome = failed(
        hasArrived ? new MiraiInterrupt('the task was interrupted') : explain(thrown, defined.source),
      );
    }
    if (!this.#port.ledger.end(run.job) && !hasArrived) await this.#port.afterInterrupt();
    if (this.#current?.task !== task) return; // it was abandoned, or the daemon has left meanwhile
    restore?.();
    end(outcome);
  }

  #report(outcome: Outcome, ended: Ended): void {
    const spans = this.#telemetry.take();
    const all = spans.length > 0 ? { ...ended, spans } : ended;
    const { kind } = outcome;
    try {
      this.#port.post(
        kind === 'result' ? { kind, ...outcome.value, ...all } : { kind, error: outcome.error, ...all },
      );
    } catch (cause) {
      const { error } = failed(cannotCopy(cause)) as Extract<Outcome, { kind: 'failure' }>; // cast: it has failed
      this.#port.post({ kind: 'failure', error, ...all });
    }
  }
}

/** A daemon that cannot go on ends, rather than to leave the host waiting. */
function giveUp(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

/** What is left to `postMessage()` is tried before the span ends, which has to tell of it. */
function checkCopy(outcome: Outcome): Outcome {
  if (outcome.kind !== 'result' || outcome.value.form !== 'clone') return outcome;
  try {
    structuredClone(outcome.value.data);
    return outcome;
  } catch (cause) {
    return failed(cannotCopy(cause));
  }
}
