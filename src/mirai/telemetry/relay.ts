import { diag, type Span, TraceFlags } from '@opentelemetry/api';
import type { EvalBrief, SpanIds } from '../protocol/messages.js';
import type { SpanRecord } from '../protocol/span-record.js';
import { evalSpan, type SpanOrigin, type TaskCall } from './eval-span.js';
import { registeredProcessor, registeredResource } from './host-sdk.js';
import { daemonResource, relayedSpan } from './relayed-span.js';
import type { SpanProcessor } from './span-processor.js';

/** Where a daemon is. */
export interface Origin {
  /** Its number in the profile. */
  readonly id: number;
  readonly pid: number;
  readonly threadId: number;
  /** Its `daemon connect`. */
  readonly connect: SpanIds | undefined;
}

/** Takes the spans of the daemons of a profile. */
export interface SpanRelay {
  /** @param span the `daemons set` of the profile: as it is sampled, roots are */
  start(span?: Span): void;
  /** @param owner of the task that they are of, where there is one */
  accept(records: readonly SpanRecord[], origin: Origin, owner?: unknown): void;
  /** Passes on the `daemon eval` of a task that has added nothing to it. */
  acceptEval(brief: EvalBrief, origin: Origin, call: TaskCall): void;
}

/** Hands the spans of the daemons of a profile to the processor of the host. */
export class Relay implements SpanRelay {
  readonly #given: SpanProcessor | undefined;
  /** What came before the `daemons set` of the profile, which says whether roots are wanted. */
  #early: [SpanRecord, Origin][] | undefined = [];
  #wantsRoots = true;
  readonly #origins = new WeakMap<Origin, SpanOrigin>();
  #hasWarned = false;

  constructor(given: SpanProcessor | undefined) {
    this.#given = given;
  }

  start(span?: Span): void {
    if (span) this.#wantsRoots = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const [record, origin] of early) this.#pass(record, origin);
  }

  accept(records: readonly SpanRecord[], origin: Origin): void {
    for (const record of records) {
      if (this.#early) this.#early.push([record, origin]);
      else this.#pass(record, origin);
    }
  }

  acceptEval(brief: EvalBrief, origin: Origin, call: TaskCall): void {
    this.#processor()?.onEnd(evalSpan(brief, this.#common(origin), call));
  }

  #pass(record: SpanRecord, origin: Origin): void {
    if (!record.parent && !this.#wantsRoots) return;
    this.#processor()?.onEnd(relayedSpan(record, this.#common(origin).resource));
  }

  #common(origin: Origin): SpanOrigin {
    let common = this.#origins.get(origin);
    if (!common) {
      const { connect, pid, threadId } = origin;
      const links = connect ? [{ context: connect, attributes: {}, droppedAttributesCount: 0 }] : [];
      common = { links, resource: daemonResource(registeredResource(), pid, threadId) };
      this.#origins.set(origin, common);
    }
    return common;
  }

  #processor(): SpanProcessor | undefined {
    const processor = this.#given ?? registeredProcessor();
    if (!processor) this.#warn();
    return processor;
  }

  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    diag.warn(
      'mirai: the spans of daemons are lost: the registered tracer provider shows no span processor; give one to daemons() as options.spanProcessor',
    );
  }
}
