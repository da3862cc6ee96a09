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

/** What a span has beside what it was started with. */
interface Details {
  readonly attributes: Attributes;
  readonly links: SpanRecord['links'][number][];
  readonly events: SpanRecord['events'][number][];
  readonly dropped: { attributes: number; links: number; events: number };
}

/** A span of a daemon without an SDK of its own: it is collected here and becomes one of the host's. */
export class RecordedSpan implements Span {
  readonly #start: SpanStart;
  readonly #startTime: HrTime;
  readonly #end: (record: SpanRecord) => void;
  #name: string;
  #status: SpanStatus = { code: SpanStatusCode.UNSET };
  /** Absent until something is added. */
  #details: Details | undefined;
  #ended = false;

  constructor(start: SpanStart, end: (record: SpanRecord) => void) {
    this.#start = start;
    this.#startTime = toHrTime(start.startTime);
    this.#end = end;
    this.#name = start.name;
  }

  spanContext(): SpanContext {
    return this.#start.context;
  }

  isRecording(): boolean {
    return !this.#ended;
  }

  setAttribute(key: string, value: AttributeValue): this {
    return this.setAttributes({ [key]: value });
  }

  setAttributes(attributes: Attributes): this {
    if (!this.#ended) addAttributes(this.#open(), attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#ended) return this;
    const { events, dropped } = this.#open();
    if (events.length >= limit) {
      events.shift();
      dropped.events++;
    }
    const [attributes, at] = isTime(attributesOrTime)
      ? [undefined, attributesOrTime]
      : [attributesOrTime, time];
    events.push({ name, time: toHrTime(at), ...clean(attributes) });
    return this;
  }

  addLink(link: Link): this {
    return this.addLinks([link]);
  }

  addLinks(links: Link[]): this {
    if (!this.#ended) addLinks(this.#open(), links);
    return this;
  }

  /** Once it is OK it stays so, and UNSET changes nothing (OpenTelemetry specification, Set Status). */
  setStatus({ code, message }: SpanStatus): this {
    if (this.#ended || code === SpanStatusCode.UNSET || this.#status.code === SpanStatusCode.OK) return this;
    this.#open();
    const isError = code === SpanStatusCode.ERROR && typeof message === 'string';
    this.#status = isError ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (this.#ended) return this;
    this.#open();
    this.#name = name;
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
    if (this.#ended || this.#details) return undefined;
    this.#ended = true;
    return [this.#startTime, later(this.#startTime, toHrTime())];
  }

  end(endTime?: TimeInput): void {
    if (this.#ended) return;
    this.#ended = true;
    const { kind, context, parent, scope } = this.#start;
    const { attributes, links, events, dropped } = this.#open();
    this.#end({
      name: this.#name,
      kind,
      context: idsOf(context),
      traceState: context.traceState?.serialize(),
      parent: parent && idsOf(parent),
      start: this.#startTime,
      end: later(this.#startTime, toHrTime(endTime)),
      status: this.#status,
      attributes,
      links,
      events,
      dropped,
      scope,
    });
  }

  #open(): Details {
    if (this.#details) return this.#details;
    const { attributes, links } = this.#start;
    const details = {
      attributes: {},
      links: [],
      events: [],
      dropped: { attributes: 0, links: 0, events: 0 },
    };
    if (attributes) addAttributes(details, attributes);
    if (links) addLinks(details, links);
    this.#details = details;
    return details;
  }
}

function addAttributes({ attributes, dropped }: Details, added: Attributes): void {
  dropped.attributes += assign(attributes, added);
}

function addLinks({ links, dropped }: Details, added: readonly Link[]): void {
  for (const { context, attributes } of added) {
    if (links.length < limit) links.push({ context: idsOf(context), ...clean(attributes) });
    else dropped.links++;
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
