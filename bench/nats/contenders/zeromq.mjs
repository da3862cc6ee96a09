// A router that sends to its workers in turn: without a broker nothing is kept, and a worker that has vanished is not seen.
import { Router } from 'zeromq';
import { PendingCalls } from './pending-calls.mjs';
import { startWorkers } from './worker-processes.mjs';

export async function open(workers) {
  // It would drop what is above the mark.
  const router = new Router({ mandatory: true, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
  await router.bind('tcp://127.0.0.1:*');
  const ids = Array.from({ length: workers }, (_, at) => `worker-${at}`);
  const stopWorkers = await startWorkers(
    new URL('../tasks/zeromq.mjs', import.meta.url),
    ids.map((id) => ({ id, address: router.lastEndpoint })),
  );
  for (const _ of ids) await router.receive();

  const calls = new PendingCalls();
  void receive();
  const waiting = [];
  let sending = false;
  let next = 0;
  return {
    call: (name, args) =>
      calls.call(async (id) => {
        waiting.push([ids[next], JSON.stringify({ id, name, args })]);
        next = (next + 1) % workers;
        if (!sending) await send();
      }),
    async close() {
      await stopWorkers();
      router.close();
    },
  };

  async function receive() {
    for await (const [, message] of router) {
      const { id, value } = JSON.parse(message);
      calls.fulfil(id, value);
    }
  }

  /** A socket takes one message at a time. */
  async function send() {
    sending = true;
    for (let at = 0; at < waiting.length; at++) await router.send(waiting[at]);
    waiting.length = 0;
    sending = false;
  }
}
