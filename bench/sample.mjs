// Takes the samples of one process or page, in whatever realm: no import of this file is Node's own.

/** Long enough for the clock and for collections of garbage to be part of every sample. */
const SAMPLE_MS = 8;
const MIN_SAMPLES = 3;

/**
 * @param {{ prepare: (id: string) => Promise<object> }} question
 * @param {object} plan
 * @param {string[]} plan.cases
 * @param {number} plan.warmMs
 * @param {number} plan.measureMs
 * @param {number} [plan.sampleMs]
 * @returns for each case, its samples in ns an operation and what its check returned
 */
export async function measure(question, { cases, warmMs, measureMs, sampleMs = SAMPLE_MS }) {
  const benches = [];
  for (const id of cases) benches.push({ id, ...(await question.prepare(id)), count: 1, samples: [] });
  const wantedMs = Math.min(sampleMs, measureMs / MIN_SAMPLES);
  for (const bench of benches) await warmUp(bench, warmMs, wantedMs);

  // In turn, so that what the machine does meanwhile falls on all cases alike.
  const end = performance.now() + measureMs * benches.length;
  for (let round = 0; round < MIN_SAMPLES || performance.now() < end; round++) {
    for (const { run, count, samples } of benches) {
      const { ns, operations } = await run(count);
      samples.push(ns / operations);
    }
  }

  const results = {};
  for (const { id, samples, check } of benches) results[id] = { samples, check: await check() };
  return results;
}

/** Also finds how often a case must run for a sample of the wanted length. */
async function warmUp(bench, warmMs, sampleMs) {
  const end = performance.now() + warmMs;
  do {
    const { ns } = await bench.run(bench.count);
    if (ns < (sampleMs * 1e6) / 2) bench.count *= 2;
  } while (performance.now() < end);
}
