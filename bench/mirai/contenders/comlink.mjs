import { Worker } from 'node:worker_threads';
import { releaseProxy, transfer as transferring, wrap } from 'comlink/dist/esm/comlink.mjs';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';

export async function open(workers) {
  const threads = Array.from(
    { length: workers },
    () => new Worker(new URL('../tasks/comlink.mjs', import.meta.url)),
  );
  const remotes = threads.map((thread) => wrap(nodeEndpoint(thread)));
  let next = 0;
  return {
    call(name, argument, transfer) {
      const remote = remotes[next];
      next = (next + 1) % workers;
      return remote[name](transfer ? transferring(argument, transfer) : argument);
    },
    async close() {
      for (const remote of remotes) remote[releaseProxy]();
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
