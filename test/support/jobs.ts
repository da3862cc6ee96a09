/** Far more than any program of a test needs. */
const turns = 60;

/** Counts the turns of the job queue from this one on, up to `turns`, when `over` is fulfilled. */
export function countTurns(turns: number): { now(): number; over: Promise<void> } {
  let turn = 0;
  const over = new Promise<void>((done) => {
    const next = () => {
      turn += 1;
      if (turn < turns) queueMicrotask(next);
      else done();
    };
    queueMicrotask(next);
  });
  return { now: () => turn, over };
}

/**
 * Runs `program` and gives what it logged, each entry with the turn of the job queue in which it came. Two programs
 * with the same log do the same things in the same jobs.
 */
export async function traceJobs(program: (log: (label: unknown) => void) => void): Promise<string[]> {
  const entries: string[] = [];
  const counted = countTurns(turns);
  program((label) => entries.push(`${counted.now()}: ${String(label)}`));
  await counted.over;
  return entries;
}
