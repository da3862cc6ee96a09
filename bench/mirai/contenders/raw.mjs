// What the platform allows: a queue, and messages with an id. One at a time is what is fair, pipelined what is fast.
import { Worker } from 'node:worker_threads';

export async function open(workers, { atOnce }) {
  const waiting = [];
  let first = 0;
  let lastId = 0;
  const threads = Array.from({ length: workers }, () => {
    const worker = new Worker(new URL('../tasks/raw.mjs', import.meta.url));
    const thread = { worker, inHand: new Map() };
    worker.on('message', ({ id, value }) => {
      const resolve = thread.inHand.get(id);
      thread.inHand.delete(id);
      if (first < waiting.length) send(thread, waiting[first++]);
      resolve(value);
    });
    return thread;
  });
  let next = 0;

  function send({ worker, inHand }, { message, transfer, resolve }) {
    inHand.set(message.id, resolve);
    worker.postMessage(message, transfer);
  }

  return {
    call(name, argument, transfer) {
      return new Promise((resolve) => {
        const task = { message: { id: ++lastId, name, argument }, transfer, resolve };
        for (let tried = 0; tried < workers; tried++) {
          const thread = threads[next];
          next = (next + 1) % workers;
          if (thread.inHand.size < atOnce) return send(thread, task);
        }
        waiting.push(task);
      });
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
