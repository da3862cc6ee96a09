import { expect, test } from 'vitest';
import { Pauses } from '../../../src/mirai/protocol/pauses.js';

/** Pauses of `ms` each, one after the other. */
function pausesOf(...all: number[]): Pauses {
  const pauses = new Pauses();
  let now = 0;
  for (const ms of all) {
    pauses.begin(now);
    now += ms;
    pauses.end(now);
  }
  return pauses;
}

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

test('the next task is expected at once as long as nothing is known', () => {
  expect(new Pauses().areWithin(0)).toBe(true);
});

test('the next task is expected after as long a pause as the last ones', () => {
  const pauses = pausesOf(...times(50, 0.3));
  expect([0.2, 0.4].map((ms) => pauses.areWithin(ms))).toEqual([false, true]);
});

test('one long pause is forgotten after a few short ones, many are not', () => {
  expect(pausesOf(...times(50, 0.1), 60_000, ...times(5, 0.1)).areWithin(0.4)).toBe(true);
  expect(pausesOf(...times(50, 60_000), 0.1).areWithin(0.4)).toBe(false);
});

test('a pause is as long as it is, however often it is looked for a task meanwhile', () => {
  const pauses = pausesOf(...times(50, 0.1));
  for (const now of [1000, 1000.5, 1000.9]) pauses.begin(now);
  pauses.end(1001);
  expect(pauses.areWithin(0.2)).toBe(false);
});
