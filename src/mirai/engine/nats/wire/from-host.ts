import * as v from 'valibot';
import { id, number } from './parts.js';

const shared = { v: v.literal(1), host: id };

/** What a host says to a daemon, apart from tasks. */
export const hostHead = v.variant('kind', [
  /** These have arrived. */
  v.strictObject({ ...shared, kind: v.literal('confirmed'), ns: v.array(number) }),
  /** These are not wanted any more; all of this host where there are none. */
  v.strictObject({ ...shared, kind: v.literal('cancel'), ids: v.optional(v.array(number)) }),
  /** How many `everywhere()` of the host there have been, and parts of them whose ends it waits for. */
  v.strictObject({
    ...shared,
    kind: v.literal('epoch'),
    epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    ids: v.pipe(v.array(number), v.maxLength(4096)),
  }),
  /** The host is there. */
  v.strictObject({
    ...shared,
    kind: v.literal('hello'),
    tracing: v.boolean(),
    /** By the clock of the host, in ms since the epoch. */
    time: number,
    /** That of the consumer, in ms, where there is one. */
    ackWait: v.optional(v.pipe(number, v.minValue(100))),
  }),
]);

export type HostHead = v.InferOutput<typeof hostHead>;
