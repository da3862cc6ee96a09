import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from '../../src/mirai/host/connection.js';
import { Vigil } from '../../src/mirai/host/vigil.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Ends of tasks in `ms` each. @returns whether the next one is waited for without sleep where so many are in hand then and later */
async function isAwake(ms: readonly number[], ...counts: [sent: number, later: number]): Promise<boolean> {
  let count = 1;
  let waits = 0;
  const vigil = new Vigil(() => count === 1);
  // Reason for the cast: nothing else of it is used.
  const connection = { stayAwake: () => waits++ } as unknown as Connection;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  for (const each of ms) {
    vigil.begin(connection);
    vi.advanceTimersByTime(each);
    vigil.end();
  }
  await turn();
  waits = 0;
  const [sent, later] = counts;
  count = sent;
  vigil.begin(connection);
  count = later;
  await turn();
  return waits > 0;
}

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

test.each<[what: string, isAwaited: boolean, ...Parameters<typeof isAwake>]>([
  ['the first task', true, [], 1, 1],
  ['a task after short ones', true, times(30, 0), 1, 1],
  ['a task after long ones', false, times(30, 1), 1, 1],
  ['a task beside others', false, times(30, 0), 2, 2],
  ['a task that others have followed', false, times(30, 0), 1, 2],
  ['a task that has ended', false, times(30, 0), 1, 0],
])('the end of %s is waited for without sleep: %s', async (_what, isAwaited, ...rest) => {
  expect(await isAwake(...rest)).toBe(isAwaited);
});
