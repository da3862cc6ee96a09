import * as v from 'valibot';
import { id, large, number } from './parts.js';

/** Characters of the URL of a module, and of the name of what it exports, at most. */
export const longestUrl = 4096;
export const longestName = 512;

const source = v.variant('kind', [
  v.strictObject({
    kind: v.literal('module'),
    url: v.pipe(v.string(), v.maxLength(longestUrl)),
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(longestName)),
  }),
  v.strictObject({ kind: v.literal('source'), source: v.string() }),
]);

const shared = {
  v: v.literal(1),
  host: id,
  form: v.picklist(['json', 'bytes']),
  source,
  /** In ms since the epoch. */
  submitted: number,
  /** How many `everywhere()` of the host come before it. */
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  large: v.optional(large),
};

const word = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 32 - 1));

/** A task on its way to a daemon. */
export const taskHead = v.strictObject({
  ...shared,
  kind: v.literal('task'),
  id: number,
  retries: number,
  /** How often it is begun at most. */
  deliveries: number,
  inMap: v.optional(v.boolean()),
  /** Whether what it sets goes with it. */
  cleanup: v.optional(v.boolean()),
  /** State of a generator: four words. */
  random: v.optional(v.strictTuple([word, word, word, word])),
  /** Under which its result is kept. */
  key: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
  /** Whether it is never to be evaluated twice. */
  once: v.optional(v.boolean()),
});

/** A part of `everywhere()` on its way to all slots of a daemon. */
export const everywhereHead = v.strictObject({
  ...shared,
  kind: v.literal('everywhere'),
  /** Of the tasks, one for each slot. */
  ids: v.pipe(v.array(number), v.maxLength(4096)),
  /** Contexts of their `mirai` spans. */
  traces: v.optional(v.array(v.union([v.string(), v.record(v.string(), v.string())]))),
});

export type TaskHead = v.InferOutput<typeof taskHead>;
export type EverywhereHead = v.InferOutput<typeof everywhereHead>;
