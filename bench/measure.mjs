// One process of the bench: `node measure.mjs '{"question":…,"cases":[…],"warmMs":…,"measureMs":…}'` prints, for each
// case, its samples in ns an operation and what its check returned.
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** Long enough for the clock and for collections of garbage to be part of every sample. */
const SAMPLE_MS = 8;
const MIN_SAMPLES = 3;

const plan = isMainThread ? JSON.parse(process.argv[2]) : workerData;
const question = await import(`./${plan.question}.mjs`);

if (isMainThread && question.stackMegabytes) {
  // The main thread cannot be given a larger stack.
  const { stackMegabytes: stackSizeMb } = question;
  new Worker(new URL(import.meta.url), { workerData: plan, resourceLimits: { stackSizeMb } }).on(
    'error',
    (error) => {
      throw error;
    },
  );
} else {
  console.log(JSON.stringify(await measure(plan)));
}

async function measure({ cases, warmMs, measureMs }) {
  const benches = [];
  for (const id of cases) benches.push({ id, ...(await question.prepare(id)), count: 1, samples: [] });
  const sampleMs = Math.min(SAMPLE_MS, measureMs / MIN_SAMPLES);
  for (const bench of benches) await warmUp(bench, warmMs, sampleMs);

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
