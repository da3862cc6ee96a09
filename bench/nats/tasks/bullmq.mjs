import { Worker } from 'bullmq';
import * as work from './work.mjs';
import { plan, ready } from './worker-process.mjs';

const tasks = { ...work };
const worker = new Worker(plan.queue, async ({ name, data }) => tasks[name](...data), {
  connection: plan.redis,
  concurrency: plan.concurrency,
});
await worker.waitUntilReady();
ready();
