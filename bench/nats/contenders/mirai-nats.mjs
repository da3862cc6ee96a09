import { daemons, importTasks, mirai, nats } from '../library.mjs';

const tasks = importTasks(new URL('../tasks/work.mjs', import.meta.url));

export async function open(workers, { nats: servers }, { delivery }) {
  const set = await daemons(workers, { engine: nats({ servers, delivery }) });
  return {
    call: (name, args) => mirai(tasks[name], args),
    close: () => set.reset(),
  };
}
