import { diag } from '@opentelemetry/api';
import * as v from 'valibot';

/** Of a host or a daemon. */
export const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));

/** Not negative. */
export const number = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Characters of a text, and of a trace state (W3C Trace Context), at most. */
export const longestText = 65_536;
export const longestTraceState = 512;

export const text = v.pipe(v.string(), v.maxLength(longestText));

/** Where the value is that was too large for the message, and how many bytes it is. */
export const large = v.strictObject({ name: v.pipe(v.string(), v.maxLength(512)), size: number });

/** W3C Trace Context: 16 and 8 bytes as hexadecimal digits. */
const traceId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const spanId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

export const spanIds = v.strictObject({ traceId, spanId, traceFlags: v.pipe(number, v.maxValue(255)) });

const hrTime = v.strictTuple([number, v.pipe(number, v.maxValue(1e9))]);

const attributeValue = v.nullish(
  v.union([
    v.string(),
    v.number(),
    v.boolean(),
    v.array(v.nullish(v.string())),
    v.array(v.nullish(v.number())),
    v.array(v.nullish(v.boolean())),
  ]),
);

const attributes = v.record(v.string(), attributeValue);

/** A `SpanRecord`. */
const spanRecord = v.strictObject({
  name: text,
  kind: v.picklist([0, 1, 2, 3, 4]),
  context: spanIds,
  traceState: v.optional(v.pipe(v.string(), v.maxLength(longestTraceState))),
  parent: v.optional(spanIds),
  start: hrTime,
  end: hrTime,
  status: v.strictObject({ code: v.picklist([0, 1, 2]), message: v.optional(text) }),
  attributes,
  links: v.array(
    v.strictObject({ context: spanIds, attributes: v.optional(attributes), droppedAttributesCount: number }),
  ),
  events: v.array(
    v.strictObject({
      name: text,
      time: hrTime,
      attributes: v.optional(attributes),
      droppedAttributesCount: number,
    }),
  ),
  dropped: v.strictObject({ attributes: number, links: number, events: number }),
  scope: v.strictObject({ name: text, version: v.optional(text), schemaUrl: v.optional(text) }),
});

/** Spans. One that is none is left out: what has come with it is wanted all the same. */
export const spanRecords = v.pipe(
  v.array(v.unknown()),
  v.transform((all) => {
    const spans = all.filter((each) => v.is(spanRecord, each));
    if (spans.length < all.length) diag.warn('mirai: spans of a daemon that are none were dropped');
    return spans;
  }),
);

/** An `EvalBrief`. */
export const evalBrief = v.strictTuple([spanId, number, number, number, number]);

/** A slot of a daemon, as far as it tells one from another. */
export const slot = v.strictObject({
  id: number,
  pid: number,
  threadId: number,
  connect: v.optional(spanIds),
});

export type Slot = v.InferOutput<typeof slot>;
