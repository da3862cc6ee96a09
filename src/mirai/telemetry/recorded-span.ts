import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from '@opentelemetry/api';
import type { SpanIds } from '../protocol/messages.js';
import type { SpanRecord } from '../protocol/span-record.js';
import { toHrTime } from './time.js';

/** Attributes, events and links of a span, at most (OpenTelemetry specification, span limits). */
const limit = 128;

/** What a span starts with. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly startTime: TimeInput | undefined;
  readonly attributes: Attributes | undefined;
  readonly links: readonly Link[] | undefined;
  readonly scope: SpanRecord['scope'];
}

/** A span of a daemon without an SDK of its own: it is collected here and becomes one of the host's. */
export class RecordedSpan implements Span {
  readonly #start: SpanStart;
  readonly #startTime: HrTime;
  readonly #end: (record: SpanRecord) => void;
  #name: string;
  #status: SpanStatus = { code: SpanStatusCode.UNSET };
  readonly #attributes: Attributes = {};
  readonly #links: SpanRecord['links'][number][] = [];
  readonly #events: SpanRecord['events'][number][] = [];
  readonly #dropped = { attributes: 0, links: 0, events: 0 };
  #ended = false;
  /** Nothing was added to what it was started with. */
  #isPlain = false;

  constructor(start: SpanStart, end: (record: SpanRecord) => void) {
    this.#start = start;
    this.#startTime = toHrTime(start.startTime);
    this.#end = end;
    this.#name = start.name;
    if (start.attributes) this.setAttributes(start.attributes);
    if (start.links) this.addLinks([...start.links]);
    this.#isPlain = true;
  }

  spanContext(): SpanContext {
    return this.#start.context;
  }

  isRecording(): boolean {
    return !this.#ended;
  }

  setAttribute(key: string, value: AttributeValue): this {
    this.#isPlain = false;
    if (!this.#ended) this.#dropped.attributes += assign(this.#attributes, { [key]: value });
    return this;
  }

  setAttributes(attributes: Attributes): this {
    this.#isPlain = false;
    if (!this.#ended) this.#dropped.attributes += assign(this.#attributes, attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#ended) return this;
    this.#isPlain = false;
    if (this.#events.length >= limit) {
      this.#events.shift();
      this.#dropped.events++;
    }
    const [attributes, at] = isTime(attributesOrTime)
      ? [undefined, attributesOrTime]
      : [attributesOrTime, time];
    this.#events.push({ name, time: toHrTime(at), ...clean(attributes) });
    return this;
  }

  addLink(link: Link): this {
    return this.addLinks([link]);
  }

  addLinks(links: Link[]): this {
    if (this.#ended) return this;
    this.#isPlain = false;
    for (const { context, attributes } of links) {
      if (this.#links.length < limit) this.#links.push({ context: idsOf(context), ...clean(attributes) });
      else this.#dropped.links++;
    }
    return this;
  }

  /** Once it is OK it stays so, and UNSET changes nothing (OpenTelemetry specification, Set Status). */
  setStatus(status: SpanStatus): this {
    if (this.#ended || status.code === SpanStatusCode.UNSET || this.#status.code === SpanStatusCode.OK)
      return this;
    const { code, message } = status;
    this.#isPlain = false;
    this.#status =
      code === SpanStatusCode.ERROR && typeof message === 'string' ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    this.#isPlain = false;
    if (!this.#ended) this.#name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const { name, code, message, stack } =
      typeof exception === 'string'
        ? { message: exception, name: undefined, code: undefined, stack: undefined }
        : exception;
    const type = code === undefined ? name : String(code);
    const attributes: Attributes = {};
    if (type) attributes['exception.type'] = type;
    if (message) attributes['exception.message'] = message;
    if (stack) attributes['exception.stacktrace'] = stack;
    this.addEvent('exception', attributes, time);
  }

  /**
   * Ends it, unless it is more than what it was started with.
   *
   * @returns when it started and ended
   */
  endPlain(): readonly [HrTime, HrTime] | undefined {
    if (this.#ended || !this.#isPlain) return undefined;
    this.#ended = true;
    return [this.#startTime, later(this.#startTime, toHrTime())];
  }

  end(endTime?: TimeInput): void {
    if (this.#ended) return;
    this.#ended = true;
    const { kind, context, parent, scope } = this.#start;
    this.#end({
      name: this.#name,
      kind,
      context: idsOf(context),
      traceState: context.traceState?.serialize(),
      parent: parent && idsOf(parent),
      start: this.#startTime,
      end: later(this.#startTime, toHrTime(endTime)),
      status: this.#status,
      attributes: this.#attributes,
      links: this.#links,
      events: this.#events,
      dropped: this.#dropped,
      scope,
    });
  }
}

function idsOf({ traceId, spanId, traceFlags }: SpanContext): SpanIds {
  return { traceId, spanId, traceFlags };
}

function later(start: HrTime, end: HrTime): HrTime {
  return end[0] < start[0] || (end[0] === start[0] && end[1] < start[1]) ? start : end;
}

function isTime(value: unknown): value is TimeInput {
  return typeof value === 'number' || Array.isArray(value) || value instanceof Date;
}

function clean(given: Attributes | undefined) {
  const attributes: Attributes = {};
  const droppedAttributesCount = given ? assign(attributes, given) : 0;
  return { attributes, droppedAttributesCount };
}

/** Copies what is an attribute value; arrays are of one type, nothing in them apart. @returns how many were too many */
function assign(target: Attributes, attributes: Attributes): number {
  let dropped = 0;
  for (const [key, value] of Object.entries(attributes)) {
    if (!key || !isAttributeValue(value)) continue;
    if (!Object.hasOwn(target, key) && Object.keys(target).length >= limit) dropped++;
    else target[key] = Array.isArray(value) ? ([...value] as AttributeValue) : value; // cast: of the same elements
  }
  return dropped;
}

function isAttributeValue(value: unknown): value is AttributeValue {
  if (!Array.isArray(value)) return ['string', 'number', 'boolean'].includes(typeof value);
  const types = new Set(
    value.filter((each) => each !== null && each !== undefined).map((each) => typeof each),
  );
  return types.size === 0 || (types.size === 1 && isAttributeValue(value.find((each) => each != null)));
}
