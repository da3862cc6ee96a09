/** Far more than any program of a test needs. */
const turns = 60;

/**
 * Runs `program` and gives what it logged, each entry with the turn of the job queue in which it came. Two programs
 * with the same log do the same things in the same jobs.
 */
export async function traceJobs(program: (log: (label: unknown) => void) => void): Promise<string[]> {
  const entries: string[] = [];
  let turn = 0;
  const counting = new Promise<void>((done) => {
    const next = () => {
      turn += 1;
      if (turn < turns) queueMicrotask(next);
      else done();
    };
    queueMicrotask(next);
  });
  program((label) => entries.push(`${turn}: ${String(label)}`));
  await counting;
  return entries;
}
