import type { TimelineData } from '../../../src/testing/timeline.js';
import { inTicks, type SampleStep, sampleSpan } from './sample-steps.js';

/** Strings that end quotations, elements, scripts, statements, and lines. */
export const nastyStrings = [
  '<script>alert("1 & 2")</script>',
  "it's #1; end of it -->",
  'two\nlines\r\n\tand a tab',
  ']]> <!-- %% %%{init: {}}%% --> style:x#y;',
  '👩‍👩‍👧‍👦 emoji 🏳️‍🌈 and 漢字 and עברית',
  'end',
  'note over run: $$x$$ @{ "shape": 1 }',
  `${'very '.repeat(60)}long`,
  'a\u0000b\u001b[31mc\ud800d\u202ee',
  '&amp; #35; \\ ` * _ | ~',
  '',
  '   ',
];

/** The n-th of the strings. */
function nasty(index: number): string {
  return nastyStrings[index % nastyStrings.length] ?? '';
}

/** Names, labels, notes and messages that escaping has to get right. */
export const nastyNames: TimelineData = {
  title: nasty(0),
  steps: inTicks([
    nastyStrings.slice(0, 9).flatMap((label, index): SampleStep[] => [
      { kind: 'span start', span: label },
      { kind: 'mark', label },
      { kind: 'then not captured', label, note: nasty(index + 1), call: index + 1 },
    ]),
    [{ kind: 'domain enter', label: nasty(1) }],
    nastyStrings.slice(0, 9).flatMap((label, index): SampleStep[] => [
      { kind: 'callback enter', label, call: index + 1 },
      { kind: 'callback leave', label, call: index + 1, note: nasty(index) },
    ]),
  ]),
  spans: nastyStrings.slice(0, 9).map((name, index) =>
    sampleSpan(`s${index + 1}`, name, {
      startedAt: `t0.${3 * index}`,
      status: 'error',
      message: nasty(index + 2),
      exceptions: [nasty(index + 3)],
    }),
  ),
  outcome: `rejected: ${nasty(0)}`,
};

/** Nothing has happened. */
export const empty: TimelineData = { steps: [], spans: [], outcome: 'fulfilled' };

function round(index: number): string {
  return index === 0 ? 'round' : `round (${index + 1})`;
}

/** A loop of 50 rounds: a span, a `then()`, its callback, which starts the next round. */
export const long: TimelineData = {
  title: 'Fifty rounds',
  steps: inTicks(
    Array.from({ length: 50 }, (_, index): SampleStep[] => {
      const span = round(index);
      const call = index + 1;
      const follows = index === 0 ? {} : { follows: index };
      const before: SampleStep[] = [
        { kind: 'callback enter', label: 'next', call: index, active: round(index - 1) },
        { kind: 'callback leave', label: 'next', call: index },
      ];
      return [
        ...(index === 0 ? [] : before),
        { kind: 'span start', span },
        { kind: 'span activate', span, active: span },
        { kind: 'then captured', span, label: 'next', call, active: span, ...follows },
        { kind: 'span deactivate', span },
        { kind: 'span end', span },
      ];
    }),
  ),
  spans: Array.from({ length: 50 }, (_, index) => {
    const first = index === 0 ? 0 : 2;
    const startedAt = `t${index}.${first}`;
    const endedAt = `t${index}.${first + 4}`;
    return sampleSpan(`s${index + 1}`, 'round', { label: round(index), startedAt, endedAt });
  }),
  outcome: 'fulfilled',
};
