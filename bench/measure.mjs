// One process of the bench: `node measure.mjs '{"question":…,"cases":[…],"warmMs":…,"measureMs":…}'` prints, for each
// case, its samples in ns an operation and what its check returned.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { measure } from './sample.mjs';

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
  console.log(JSON.stringify(await measure(question, plan)));
}
