// Results come by the events of the queue. `job.waitUntilFinished()` listens to the same events, and asks Redis once more
// for each job.
import { Queue, QueueEvents } from 'bullmq';
import { PendingCalls } from './pending-calls.mjs';
import { startWorkers } from './worker-processes.mjs';

/** Of the stream of events: what it drops before the host has read it is a result that never comes. */
const EVENTS = 1_000_000;

/** @param {{ concurrency: number }} options jobs in hand of a worker */
export async function open(workers, { redis }, { concurrency }) {
  const name = `bench-${process.pid}`;
  const queue = new Queue(name, {
    connection: redis,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    streams: { events: { maxLen: EVENTS } },
  });
  const events = new QueueEvents(name, { connection: redis });
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);

  const calls = new PendingCalls();
  events.on('completed', ({ jobId, returnvalue }) => calls.fulfil(numberOf(jobId), returnvalue));
  events.on('failed', ({ jobId, failedReason }) => calls.fail(numberOf(jobId), new Error(failedReason)));
  const stopWorkers = await startWorkers(
    new URL('../tasks/bullmq.mjs', import.meta.url),
    Array.from({ length: workers }, () => ({ redis, queue: name, concurrency })),
  );
  return {
    // An id of the caller's own, as the result may come before add() has said which one it gave.
    call: (task, args) => calls.call((id) => queue.add(task, args, { jobId: `n${id}` })),
    async close() {
      await stopWorkers();
      await events.close();
      await queue.obliterate({ force: true });
      await queue.close();
    },
  };
}

function numberOf(jobId) {
  return Number(jobId.slice(1));
}
