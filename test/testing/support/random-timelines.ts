import fc from 'fast-check';
import type {
  TimelineData,
  TimelineSpan,
  TimelineStep,
  TimelineStepKind,
} from '../../../src/testing/timeline.js';
import { nastyStrings } from './odd-timelines.js';

const kinds: readonly TimelineStepKind[] = [
  'domain enter',
  'domain leave',
  'span start',
  'span activate',
  'span deactivate',
  'span end',
  'then captured',
  'then not captured',
  'callback enter',
  'callback leave',
  'await captured',
  'await enter',
  'await leave',
  'mark',
];

const methods: readonly NonNullable<TimelineStep['method']>[] = ['then', 'catch', 'finally'];
const statuses: readonly TimelineSpan['status'][] = ['unset', 'ok', 'error'];

/** Text of any kind, most often one that needs escaping. */
export const anyText = fc.oneof(
  { arbitrary: fc.constantFrom(...nastyStrings), weight: 3 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 2 },
  { arbitrary: fc.string({ maxLength: 80 }), weight: 2 },
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const draftOfStep = fc.record({
  kind: fc.constantFrom(...kinds),
  span: maybe(fc.nat(6)),
  active: maybe(fc.nat(6)),
  label: maybe(anyText),
  note: maybe(anyText),
  call: maybe(fc.integer({ min: 1, max: 12 })),
  follows: maybe(fc.integer({ min: 1, max: 12 })),
  method: fc.constantFrom(...methods),
  isNextTick: fc.boolean(),
});

const draftOfSpan = fc.record({
  name: anyText,
  parent: maybe(fc.nat(6)),
  status: fc.constantFrom(...statuses),
  message: maybe(anyText),
  exceptions: fc.array(anyText, { maxLength: 2 }),
  recorded: fc.boolean(),
});

/** Leaves out what is `undefined`. */
function defined<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  // Reason for the cast: a computed key makes an object of any string.
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: T });
}

/** Timelines whose steps come in any order, sensible or not; what is said of the spans fits the steps. */
export function anyTimeline(maxLength = 40, minLength = 0): fc.Arbitrary<TimelineData> {
  return fc
    .record({
      title: maybe(anyText),
      outcome: anyText,
      spans: fc.array(draftOfSpan, { maxLength: 6 }),
      steps: fc.array(draftOfStep, { minLength, maxLength }),
    })
    .map(({ title, outcome, spans, steps: drafts }) => {
      const labels = spans.map(({ name }, index) => `${name} (${index})`);
      const labelAt = (index: number | undefined) => (index === undefined ? undefined : labels[index]);
      let tick = 0;
      let step = -1;
      const steps = drafts.map(({ isNextTick, span, active, ...draft }): TimelineStep => {
        step += 1;
        if (isNextTick && step > 0) {
          tick += 1;
          step = 0;
        }
        return {
          tick,
          step,
          at: `t${tick}.${step}`,
          kind: draft.kind,
          method: draft.method,
          ...defined('label', draft.label),
          ...defined('note', draft.note),
          ...defined('call', draft.call),
          ...defined('follows', draft.follows),
          ...defined('span', labelAt(span)),
          ...defined('active', labelAt(active)),
        };
      });
      const listed = spans.map(({ parent, message, ...span }, index) => {
        const label = labels[index] ?? '';
        const own = steps.filter((about) => about.span === label);
        const ends = own.filter(({ kind }) => kind === 'span end').map(({ at }) => at);
        return {
          ...span,
          id: `s${index + 1}`,
          label,
          ends,
          ...defined('parent', parent === undefined ? undefined : `s${parent + 1}`),
          ...defined('startedAt', own.find(({ kind }) => kind === 'span start')?.at),
          ...defined('endedAt', ends[0]),
          ...defined('message', message),
        };
      });
      return { ...defined('title', title), outcome, steps, spans: listed };
    });
}
