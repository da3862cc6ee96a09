import { expect } from 'vitest';
import { importTasks, mirai } from '../../support/library.js';
import { notebook } from '../../support/scratch.js';
import { countOf } from './count-of.js';
import { eventually } from './eventually.js';

interface Counted {
  count(path: string, line: string, milliseconds: number): Promise<string>;
  countAndBlock(path: string, line: string, milliseconds: number): string;
  countAndFill(path: string, line: string, bytes: number): Uint8Array;
  countAndExit(path: string, line: string): never;
}

export const counted = importTasks<Counted>(new URL('../tasks/counted.mjs', import.meta.url));

type Options = NonNullable<Parameters<typeof mirai>[2]>;

export interface Load {
  /** How many have settled, each of them counted as often as it did. */
  settled(): number;
  reached(count: number): Promise<void>;
  /** What each has resolved with, or its error, by its number. */
  outcomes: Promise<unknown[]>;
  /** How often each has run, by its number. */
  runs(): Map<string, number>;
}

/** Submits `n` tasks at once, which count their runs and take `milliseconds(number)`. */
export function submitLoad(
  n: number,
  milliseconds: (index: number) => number = () => 0,
  options?: Options,
): Load {
  const { path, lines } = notebook();
  let settled = 0;
  const count = <T>(value: T) => {
    settled += 1;
    return value;
  };
  const all = Array.from({ length: n }, (_, index) =>
    mirai(counted.count, [path, String(index), milliseconds(index)], options).then(
      count<unknown>,
      count<unknown>,
    ),
  );
  return {
    settled: () => settled,
    reached: (wanted) => eventually(() => settled >= wanted),
    outcomes: Promise.all(all),
    runs: () => countOf(lines()),
  };
}

/** All `n` tasks of a load have settled, once, with their own results, and none has run more often than `most` times. */
export async function expectAllSettledOnce(load: Load, n: number, most: number): Promise<void> {
  const outcomes = await load.outcomes;
  const wrong = outcomes.filter((outcome, index) => outcome !== String(index));
  expect(wrong.slice(0, 3).map(String), `${wrong.length} of ${n} tasks`).toEqual([]);
  expect(load.settled()).toBe(n);
  const runs = load.runs();
  expect(runs.size).toBe(n);
  expect(Math.max(...runs.values())).toBeLessThanOrEqual(most);
}
