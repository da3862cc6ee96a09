import type { Call } from './calls.js';

/** The calls of one promise chain: each goes on with the promise of the one before. */
export interface Chain {
  readonly calls: readonly Call[];
  /** The calls in rows, so that none begins in a row before the last one there is done. */
  readonly rows: readonly (readonly Call[])[];
  /** The number of the call of another chain that the first one follows. */
  readonly branchOf?: number;
  /** The number of the call in whose callback the first one was made. */
  readonly madeIn?: number;
}

function firstStep(call: Call): number {
  return call.made ?? call.runs[0]?.enter ?? 0;
}

function lastStep(call: Call): number {
  return Math.max(call.made ?? 0, ...call.runs.map((run) => run.last));
}

function inRows(calls: readonly Call[]): Call[][] {
  const rows: { calls: Call[]; last: number }[] = [];
  for (const call of calls) {
    const free = rows.find((row) => row.last < firstStep(call));
    if (free === undefined) rows.push({ calls: [call], last: lastStep(call) });
    else {
      free.calls.push(call);
      free.last = lastStep(call);
    }
  }
  return rows.map((row) => row.calls);
}

function madeIn(call: Call, calls: readonly Call[]): number | undefined {
  const made = call.made;
  if (made === undefined) return undefined;
  // With callbacks in one another, the innermost is the one that was entered last.
  let found: { enter: number; number: number } | undefined;
  for (const { number, runs } of calls) {
    for (const { enter, last } of runs) {
      if (enter < made && made <= last && (found === undefined || found.enter < enter)) {
        found = { enter, number };
      }
    }
  }
  return found?.number;
}

/** Which calls are a chain: one that follows another is in its chain, unless that went on with another one before. */
export function assignChains(calls: readonly Call[]): readonly Chain[] {
  const chains: Call[][] = [];
  const ends = new Map<number, Call[]>();
  for (const call of calls) {
    const before = call.follows === undefined ? undefined : ends.get(call.follows);
    const chain = before ?? [];
    if (before === undefined) chains.push(chain);
    else if (call.follows !== undefined) ends.delete(call.follows);
    chain.push(call);
    ends.set(call.number, chain);
  }

  return chains.map((chain) => {
    const first = chain[0];
    const branchOf = first?.follows;
    const inside = first === undefined ? undefined : madeIn(first, calls);
    return {
      calls: chain,
      rows: inRows(chain),
      ...(branchOf !== undefined && { branchOf }),
      ...(inside !== undefined && { madeIn: inside }),
    };
  });
}
