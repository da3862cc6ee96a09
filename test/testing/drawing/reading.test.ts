import { describe, expect, it } from 'vitest';
import { collectCalls } from '../../../src/testing/drawing/calls.js';
import { assignChains } from '../../../src/testing/drawing/chains.js';
import { findings } from '../../../src/testing/drawing/findings.js';
import { paper, spanTones, tones } from '../../../src/testing/drawing/palette.js';
import { readTimeline } from '../../../src/testing/drawing/reading.js';
import { spanTree } from '../../../src/testing/drawing/span-tree.js';
import { inTicks, sampleSpan } from '../support/sample-steps.js';
import {
  acceptance,
  awaits,
  endedTwice,
  interleaved,
  lostSpan,
  nested,
} from '../support/sample-timelines.js';

const chainsOf = (follows: readonly (number | undefined)[]) =>
  assignChains(
    collectCalls(
      inTicks([
        follows.map((before, index) => ({
          kind: 'then not captured',
          call: index + 1,
          ...(before !== undefined && { follows: before }),
        })),
      ]),
    ),
  ).map(({ calls }) => calls.map(({ number }) => number));

describe('chains', () => {
  it('go on with the call that follows', () => {
    expect(chainsOf([undefined, 1, 2])).toEqual([[1, 2, 3]]);
  });

  it('go on with the first call that follows, and branch with the others', () => {
    expect(chainsOf([undefined, 1, 1, 2, 3])).toEqual([
      [1, 2, 4],
      [3, 5],
    ]);
  });

  it('begin with a call that follows none, or one that is not known', () => {
    expect(chainsOf([undefined, undefined, 9])).toEqual([[1], [2], [3]]);
  });
});

describe('calls', () => {
  it('have a run from entering to leaving', () => {
    const [first] = collectCalls(acceptance.steps);
    expect(first).toMatchObject({
      number: 1,
      made: 3,
      captured: true,
      expected: 'async_op',
      label: 'someAsyncWork',
    });
    expect(first?.runs).toEqual([{ enter: 8, leave: 9, last: 9, span: 'async_op' }]);
  });

  it('run until the end of the tick where nothing says that they are left', () => {
    const steps = inTicks([[{ kind: 'callback enter', call: 1 }, { kind: 'mark' }], [{ kind: 'mark' }]]);
    expect(collectCalls(steps)[0]?.runs).toEqual([{ enter: 0, last: 1 }]);
  });
});

describe('findings', () => {
  const found = (timeline: typeof acceptance) => findings(readTimeline(timeline)).map(({ text }) => text);

  it('are none where nothing went wrong', () => {
    expect(found(acceptance)).toEqual([]);
    expect(found(interleaved)).toEqual([]);
    expect(found(nested)).toEqual([]);
  });

  it('tell which callback ran without its span and why, and which span is open', () => {
    expect(found(lostSpan)).toEqual([
      '#1 charge ran with no active span: checkout was active when then() captured nothing (no domain)',
      'checkout was started and never ended',
    ]);
    expect(found(awaits)).toEqual([
      'what follows await #2 ran with no active span, though job B was captured',
    ]);
  });

  it('tell which span was ended more than once', () => {
    expect(found(endedTwice)).toEqual(['parse was ended 2 times: t1.1, t2.1']);
  });
});

describe('the tree of spans', () => {
  const tree = (parents: Readonly<Record<string, string | undefined>>) =>
    spanTree({
      steps: [],
      spans: Object.entries(parents).map(([id, parent]) =>
        sampleSpan(id, id, parent === undefined ? {} : { parent }),
      ),
      outcome: 'fulfilled',
    }).map(({ span, depth }) => `${'.'.repeat(depth)}${span.id}`);

  it('has each span after its parent', () => {
    expect(tree({ s1: undefined, s2: undefined, s3: 's1', s4: 's3', s5: 's1' })).toEqual([
      's1',
      '.s3',
      '..s4',
      '.s5',
      's2',
    ]);
  });

  it('has spans whose parent is not known, or is a descendant', () => {
    expect(tree({ s1: 's9', s2: 's3', s3: 's2', s4: undefined })).toEqual(['s1', 's4', 's2', '.s3']);
  });
});

describe('colours', () => {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\da-f]{2}/gi) ?? [])
      .map((part) => Number.parseInt(part, 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string) => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  it.each([...spanTones, ...Object.values(tones)])(
    'can be read as text: $light, $dark',
    ({ light, dark }) => {
      expect(contrast(light, paper.light)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, paper.dark)).toBeGreaterThanOrEqual(4.5);
    },
  );
});
