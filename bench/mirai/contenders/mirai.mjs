import { daemons, importTasks, mirai, status } from 'otel-promise-domain/mirai';

const tasks = importTasks(new URL('../tasks/work.mjs', import.meta.url));

export async function open(workers, { engine }) {
  const set = await daemons(workers, { engine });
  return {
    call: (name, argument, transfer) => mirai(tasks[name], [argument], transfer && { transfer }),
    close: () => set.reset(),
    pids: () => (engine === 'processes' ? status().daemons.map(({ pid }) => pid) : []),
  };
}
