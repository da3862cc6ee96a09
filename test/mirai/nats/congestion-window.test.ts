import { describe, expect, test } from 'vitest';
import { CongestionWindow } from '../../../src/mirai/engine/nats/host/congestion-window.js';

/** Daemons that have room for a number of tasks, which end one after the other, and hand back all others at once. */
function daemonsWith(window: CongestionWindow) {
  let now = 0;
  const taken: number[] = [];
  return {
    /** Ends `count` tasks. @returns how many were under way before the last one, and how many came back in all */
    run(count: number, room: number): { underWay: number; returned: number } {
      let returned = 0;
      let underWay = 0;
      for (let ended = 0; ended < count; ended++) {
        const back: number[] = [];
        while (taken.length + back.length < window.size) {
          now += 0.001;
          if (taken.length < room) taken.push(now);
          else back.push(now);
        }
        underWay = taken.length;
        for (const sent of back) window.returned(sent, now);
        returned += back.length;
        now += 0.01;
        taken.shift();
        window.ended();
      }
      return { underWay, returned };
    },
  };
}

describe('the number of tasks that a host sends straight to daemons', () => {
  test.each([
    [1, 0.12],
    [8, 0.03],
    [100, 0.005],
    [1000, 0.001],
  ])(
    'keeps daemons busy that have room for %d, of which at most a share of %d is handed back',
    (room, share) => {
      const daemons = daemonsWith(new CongestionWindow());
      daemons.run(20_000, room);
      const parts = Array.from({ length: 200 }, () => daemons.run(50, room));
      expect(parts.filter(({ underWay }) => underWay < room * 0.7)).toEqual([]);
      const returned = parts.reduce((sum, part) => sum + part.returned, 0);
      expect(returned / 10_000).toBeLessThan(share);
    },
  );

  test('doubles with every round until the first ones are handed back', () => {
    const { underWay, returned } = daemonsWith(new CongestionWindow()).run(1000, 2000);
    expect([underWay > 900, returned]).toEqual([true, 0]);
  });

  test('is lessened once for all that are handed back together', () => {
    const window = new CongestionWindow();
    for (let ended = 0; ended < 99; ended++) window.ended();
    for (const sent of [1, 2, 3]) window.returned(sent, 10);
    expect(window.size).toBe(80);
    window.returned(11, 20);
    expect(window.size).toBe(64);
  });

  test('is soon large again once daemons have room again', () => {
    const daemons = daemonsWith(new CongestionWindow());
    daemons.run(1000, 1000);
    daemons.run(1000, 1);
    expect(daemons.run(5000, 1000).underWay).toBeGreaterThan(700);
  });

  test('is never less than one, and never endless', () => {
    const window = new CongestionWindow();
    for (let time = 1; time < 100; time++) window.returned(time, time);
    expect(window.size).toBe(1);
    for (let ended = 0; ended < 100_000; ended++) window.ended();
    expect(window.size).toBe(4096);
  });
});
