import {
  type Attributes,
  diag,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { EvalBrief, SpanIds } from '../protocol/messages.js';
import type { SpanRecord } from '../protocol/span-record.js';
import { registeredProcessor, registeredResource } from './host-sdk.js';
import { daemonResource, type Resource, relayedSpan } from './relayed-span.js';
import { scope } from './scope.js';
import type { SpanProcessor } from './span-processor.js';

/** Where a daemon is. */
export interface Origin {
  readonly pid: number;
  readonly threadId: number;
  /** Its `daemon connect`. */
  readonly connect: SpanIds | undefined;
}

/** Hands the spans of the daemons of a profile to the processor of the host. */
export class Relay {
  readonly #given: SpanProcessor | undefined;
  /** What came before the `daemons set` of the profile, which says whether roots are wanted. */
  #early: [SpanRecord, Origin][] | undefined = [];
  #wantsRoots = true;
  readonly #resources = new WeakMap<Origin, Resource>();
  #hasWarned = false;

  constructor(given: SpanProcessor | undefined) {
    this.#given = given;
  }

  /** @param span the `daemons set` of the profile: as it is sampled, roots are */
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

  /** The `daemon eval` of a task to which nothing was added. @param call the task's `mirai` */
  acceptEval(brief: EvalBrief, origin: Origin, call: SpanContext, attributes: Attributes): void {
    const [spanId, startSeconds, startNanoseconds, endSeconds, endNanoseconds] = brief;
    const { traceId, traceFlags, traceState } = call;
    this.#pass(
      {
        name: 'daemon eval',
        kind: SpanKind.SERVER,
        context: { traceId, spanId, traceFlags },
        traceState: traceState?.serialize(),
        parent: call,
        start: [startSeconds, startNanoseconds],
        end: [endSeconds, endNanoseconds],
        status: { code: SpanStatusCode.UNSET },
        attributes,
        links: origin.connect ? [{ context: origin.connect, attributes: {}, droppedAttributesCount: 0 }] : [],
        events: [],
        dropped: { attributes: 0, links: 0, events: 0 },
        scope: { name: scope },
      },
      origin,
    );
  }

  #pass(record: SpanRecord, origin: Origin): void {
    if (!record.parent && !this.#wantsRoots) return;
    const processor = this.#given ?? registeredProcessor();
    if (!processor) {
      this.#warn();
      return;
    }
    let resource = this.#resources.get(origin);
    if (!resource) {
      resource = daemonResource(registeredResource(), origin.pid, origin.threadId);
      this.#resources.set(origin, resource);
    }
    processor.onEnd(relayedSpan(record, resource));
  }

  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    diag.warn(
      'mirai: the spans of daemons are lost: the registered tracer provider shows no span processor; give one to daemons() as options.spanProcessor',
    );
  }
}
