import type { Decisions } from '../dispatcher/decisions.js';
import type { Dispatcher } from '../dispatcher/dispatcher.js';
import type { Barrier } from '../dispatcher/job.js';
import type { Departure } from '../engine/engine.js';
import { DaemonLost } from '../errors.js';
import type { Connection } from './connection.js';
import type { Outcomes } from './outcomes.js';
import type { PendingTask } from './pending-task.js';
import type { Retirement } from './retirement.js';

interface Parts {
  readonly dispatcher: () => Dispatcher<PendingTask>;
  readonly retirement: () => Retirement;
  readonly outcomes: () => Outcomes;
  /** The connection of a daemon, of which something is about to be sent. */
  readonly to: (daemon: number) => Connection | undefined;
  /** How the daemon that was lost last came to its end. */
  readonly departure: () => Departure | undefined;
  readonly passed: (barrier: Barrier<PendingTask>) => void;
}

/** Carries out what the dispatcher of a local profile decides. */
export function decisionsOf(parts: Parts): Decisions<PendingTask> {
  const { to } = parts;
  return {
    send: (daemon, ticket) => {
      ticket.job.ticket = ticket;
      parts.retirement().busy(daemon);
      to(daemon)?.send(ticket);
    },
    recall: (daemon, tickets) => {
      const back = to(daemon)?.recall(tickets);
      if (back?.size) parts.dispatcher().recalled(daemon, [...back], back, performance.now());
    },
    abort: (daemon, ticket) => to(daemon)?.abort(ticket),
    leave: (daemon) => {
      parts.retirement().over(daemon);
      to(daemon)?.leave();
    },
    lose: ({ job }) => {
      const { how = 'is gone', cause } = parts.departure() ?? {};
      const message = `the daemon of task ${job.submission.id} ${how}`;
      parts.outcomes().reject(job, new DaemonLost(message, cause === undefined ? {} : { cause }));
    },
    passed: parts.passed,
  };
}
