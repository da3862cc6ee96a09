import { context, type Span, type TracerProvider, trace } from '@opentelemetry/api';
import { callsHere } from './call-site.js';
import { keyOfSpan, validSpan } from './spans.js';
import type { TimelineStepKind } from './timeline.js';
import { Turns } from './turns.js';
import { watchSpan } from './watch.js';

/** A span as it is recorded; what it is at the end is read from `span`. */
export interface SpanRecord {
  readonly span: Span;
  /** The name that it was started with, where the span itself does not tell. */
  readonly startName: string | undefined;
  readonly parent: SpanRecord | undefined;
  /** Absent for a span that was started outside the recording. */
  startedAt: string | undefined;
  /** What has started it. */
  readonly calls: Error | undefined;
  readonly ends: string[];
}

/** One `then()` or `await`. */
export interface CallRecord {
  readonly recording: Recording;
  readonly number: number;
  readonly follows: number | undefined;
}

export interface StepRecord extends AboutStep {
  readonly tick: number;
  readonly step: number;
  readonly at: string;
  readonly kind: TimelineStepKind;
  /** Whether its tick does not follow the one before at once. */
  readonly isLater: boolean;
  /** What is active after the step. */
  readonly active: SpanRecord | undefined;
}

export interface AboutStep {
  readonly span?: SpanRecord | undefined;
  readonly label?: string | undefined;
  note?: string | undefined;
  readonly method?: 'then' | 'catch' | 'finally' | undefined;
  readonly call?: CallRecord | undefined;
}

/** Something that was installed until it is disposed: a local domain or an attached context. */
export interface InstallationRecord {
  readonly what: string;
  readonly step: StepRecord | undefined;
  readonly calls: Error;
  readonly state: { readonly over: boolean };
}

/** What one program has done so far. */
export class Recording {
  /** Whose spans its program starts by the tracers of the global API, where no provider is registered. */
  readonly provider: TracerProvider;
  readonly steps: StepRecord[] = [];
  readonly spans: SpanRecord[] = [];
  readonly installations: InstallationRecord[] = [];
  /** Set when nothing is to be added any more. */
  isOver = false;
  readonly #bySpan = new Map<string, SpanRecord>();
  readonly #retracted = new Set<StepRecord>();
  #restoring: StepRecord | undefined;
  #numbers = 0;
  #tick = -1;
  #step = 0;
  readonly #turns = new Turns();
  #turn = -1;

  constructor(provider: TracerProvider) {
    this.provider = provider;
  }

  /** To be called before anything that queues jobs, in a turn that may have no step yet. */
  touch(): void {
    this.#turns.touch();
  }

  /** Adds a step of the running turn. */
  add(kind: TimelineStepKind, about: AboutStep = {}, active = () => this.activeSpan()): StepRecord {
    if (kind === 'callback enter' || kind === 'await enter') this.restored();
    this.touch();
    const { turn, resumedIn } = this.#turns;
    const isLater = this.#turn !== turn && resumedIn === turn && this.#tick >= 0;
    if (this.#turn !== turn) {
      this.#turn = turn;
      this.#tick += 1;
      this.#step = 0;
    }
    const isLeft = kind === 'callback leave' || kind === 'await leave';
    const step: StepRecord = {
      tick: this.#tick,
      step: this.#step,
      at: `t${this.#tick}.${this.#step}`,
      kind,
      isLater,
      ...about,
      active: isLeft ? undefined : active(),
    };
    this.#step += 1;
    this.#restoring = undefined;
    this.steps.push(step);
    return step;
  }

  /** Says more about the await that has just been captured. */
  noteAwait(note: string): void {
    const last = this.steps.at(-1);
    if (last?.kind === 'await captured') last.note = note;
  }

  /** `inner` was made active in the place of `outer`. */
  activate(inner: Span | undefined, outer: Span | undefined): StepRecord {
    const step = inner
      ? this.add('span activate', { span: this.spanRecord(inner) })
      : this.add('span deactivate', { span: outer && this.spanRecord(outer) });
    this.#restoring = step;
    return step;
  }

  deactivate(inner: Span | undefined, outer: Span | undefined): void {
    if (inner) this.add('span deactivate', { span: this.spanRecord(inner) });
    else this.add('span activate', { span: outer && this.spanRecord(outer) });
  }

  /** Whether the activation turned out to be that of a callback or of what follows an await, which is told by itself. */
  isRetracted(step: StepRecord): boolean {
    return this.#retracted.has(step);
  }

  /** Where a manager was called to restore what a callback gets, the activation is no step of the program. */
  restored(): void {
    if (!this.#restoring) return;
    this.#retracted.add(this.#restoring);
    this.#restoring = undefined;
    this.steps.pop();
    this.#step -= 1;
    if (this.#step > 0) return;
    this.#tick -= 1;
    this.#turn = -1;
  }

  call(follows: CallRecord | undefined): CallRecord {
    this.#numbers += 1;
    return {
      recording: this,
      number: this.#numbers,
      follows: follows?.recording === this ? follows.number : undefined,
    };
  }

  /** @param active the span that is active, which may have become so before its start is told */
  start(span: Span, startName: string, parent: Span | undefined, active: Span | undefined): void {
    if (this.hasStarted(span)) return; // another object for it has been told of
    const record: SpanRecord = {
      span,
      startName,
      parent: parent && this.spanRecord(parent),
      startedAt: undefined,
      calls: callsHere(),
      ends: [],
    };
    this.#keep(record);
    record.startedAt = this.add('span start', { span: record }, () => active && this.spanRecord(active)).at;
  }

  end(span: Span): void {
    const record = this.spanRecord(span);
    const [before] = record.ends;
    const { at } = this.add('span end', {
      span: record,
      ...(before && { note: `it has ended at ${before}` }),
    });
    record.ends.push(at);
  }

  install(what: string, state: { readonly over: boolean }, step: StepRecord | undefined): void {
    this.installations.push({ what, step, calls: callsHere(), state });
  }

  activeSpan(): SpanRecord | undefined {
    const span = validSpan(trace.getSpan(context.active()));
    return span && this.spanRecord(span);
  }

  /** Whether `span` was started in this recording. */
  hasStarted(span: Span): boolean {
    return this.#bySpan.get(keyOfSpan(span))?.startedAt !== undefined;
  }

  /** What is known of `span`; one that is not yet known was started outside. */
  spanRecord(span: Span): SpanRecord {
    const known = this.#bySpan.get(keyOfSpan(span));
    if (known) return known;
    const startName = span.spanContext().isRemote ? 'remote parent' : undefined;
    const record = { span, startName, parent: undefined, startedAt: undefined, calls: undefined, ends: [] };
    this.#keep(record);
    watchSpan(span);
    return record;
  }

  #keep(record: SpanRecord): void {
    this.#bySpan.set(keyOfSpan(record.span), record);
    this.spans.push(record);
  }
}
