// Starts the workers of a peer, each in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * @param {URL} module what they run
 * @param {object[]} plans one a worker
 * @returns {Promise<() => Promise<void>>} what ends them, once all are ready
 */
export async function startWorkers(module, plans) {
  const workers = plans.map((plan) => {
    const child = fork(module, [JSON.stringify(plan)]);
    return { child, ended: once(child, 'exit') };
  });
  await Promise.all(workers.map(ready));
  return async () => {
    for (const { child } of workers) child.kill();
    await Promise.all(workers.map(({ ended }) => ended));
  };
}

/** Workers say one thing only: that they are ready. */
async function ready({ child, ended }) {
  const failed = ended.then(([code]) => {
    throw new Error(`a worker ended with ${code} before it was ready`);
  });
  await Promise.race([once(child, 'message'), failed]);
}
