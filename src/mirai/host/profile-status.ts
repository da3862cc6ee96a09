import type { Dispatcher } from '../dispatcher/dispatcher.js';
import type { Status } from '../options.js';
import type { PendingTask } from './pending-task.js';
import type { Pool } from './pool.js';
import type { ProfileOptions } from './profile-options.js';

/** How a profile is at this moment. */
export function profileStatus(
  { compute, endpoint }: ProfileOptions,
  dispatcher: Dispatcher<PendingTask>,
  pool: Pool,
  failed: number,
): Status {
  const hands = dispatcher.hands();
  const connections = [...pool.connections.values()].filter(({ state }) => state !== 'starting');
  return {
    compute,
    url: endpoint.url,
    connections: connections.length,
    daemons: connections.map(({ id, pid, threadId, state }) => {
      const { tickets = [], completed = 0 } = hands.get(id) ?? {};
      const doing = tickets.length > 0 ? 'executing' : 'idle';
      return { id, pid, threadId, state: state === 'connected' ? doing : 'leaving', completed };
    }),
    mirai: { ...dispatcher.counts, failed },
    memory: dispatcher.memory,
  };
}
