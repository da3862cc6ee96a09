import { describe, expect, test } from 'vitest';
import { recordTimeline } from '../../src/testing/index.js';
import '../../src/testing/vitest.js';
import { acceptanceProgram, acceptanceText } from '../support/acceptance-program.js';

describe('the acceptance timeline', () => {
  test('is recorded with the ticks of the seed where nothing is registered', async () => {
    expect(await recordTimeline(acceptanceProgram)).toMatchTimeline(acceptanceText);
  });

  test('hands async_op off at t0.3 and t1.0, and nowhere else', async () => {
    const timeline = await recordTimeline(acceptanceProgram);
    const handOffs = timeline.steps.filter(({ at }) => {
      try {
        expect(timeline).toHandOff('async_op', { at });
        return true;
      } catch {
        return false;
      }
    });
    expect(handOffs.map(({ at }) => at)).toEqual(['t0.3', 't1.0']);
    expect(timeline).toEndSpan('async_op', { at: 't2.0', once: true, status: 'unset' });
    expect(timeline).toStartSpan('async_op', { at: 't0.1', parent: null });
    expect(timeline).toLeaveNoSpanOpen();
    expect(timeline).toLeaveNoContext();
  });
});
