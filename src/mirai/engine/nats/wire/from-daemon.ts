import * as v from 'valibot';
import { evalBrief, id, large, number, slot, spanIds, spanRecords, text } from './parts.js';

const shared = { v: v.literal(1), daemon: id };

/** What is sent until the host has confirmed its number. */
const kept = { ...shared, n: number, spans: v.optional(spanRecords) };

const ended = {
  ...kept,
  id: number,
  slot,
  ran: number,
  waited: number,
  eval: v.optional(evalBrief),
  form: v.picklist(['json', 'bytes']),
  large: v.optional(large),
};

/** What a daemon says to a host. */
export const daemonHead = v.variant('kind', [
  /** The body is the result. */
  v.strictObject({ ...ended, kind: v.literal('result') }),
  /** The body is the error, by its parts. */
  v.strictObject({ ...ended, kind: v.literal('failure') }),
  /** It was not run to its end: its slot was lost, or it was refused. */
  v.strictObject({
    ...kept,
    kind: v.literal('lost'),
    id: number,
    message: text,
    /** Whether nothing of it was run. */
    refused: v.optional(v.boolean()),
  }),
  v.strictObject({
    ...shared,
    kind: v.literal('started'),
    id: number,
    slot: v.optional(slot),
    delivery: number,
  }),
  v.strictObject({
    ...shared,
    kind: v.literal('progress'),
    id: number,
    fraction: v.pipe(number, v.maxValue(1)),
  }),
  /** It was sent directly, and all slots are busy. */
  v.strictObject({ ...shared, kind: v.literal('busy'), id: number }),
  v.strictObject({ ...kept, kind: v.literal('spans'), slot }),
  /** A slot was lost, with the tasks that it ran. */
  v.strictObject({
    ...kept,
    kind: v.literal('slotLost'),
    connect: v.optional(spanIds),
    tasks: v.array(number),
  }),
  /** It has a task that comes after what `everywhere()` was to do first. */
  v.strictObject({ ...shared, kind: v.literal('behind'), epoch: number }),
]);

export type DaemonHead = v.InferOutput<typeof daemonHead>;

/** How a daemon is, for hosts and for whoever asks by the service API. */
export const presence = v.strictObject({
  ...shared,
  kind: v.literal('presence'),
  hostname: text,
  pid: number,
  engine: v.picklist(['threads', 'processes']),
  startedAt: text,
  /** Given by the host that has launched it. */
  launch: v.optional(text),
  /** Whether it takes no more tasks; `gone` is the last that is heard of it. */
  state: v.picklist(['here', 'leaving', 'gone']),
  slots: v.array(
    v.strictObject({
      id: number,
      pid: number,
      threadId: number,
      connect: v.optional(spanIds),
      state: v.picklist(['idle', 'executing', 'leaving']),
      completed: number,
    }),
  ),
});

export type Presence = v.InferOutput<typeof presence>;
