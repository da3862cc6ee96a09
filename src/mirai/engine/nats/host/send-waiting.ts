import type { Backlog } from '../../../dispatcher/backlog.js';
import type { PendingTask } from '../../../host/pending-task.js';
import type { HostEpochs } from './everywhere.js';
import type { Route } from './route.js';
import type { TaskFlights } from './task-flights.js';

interface Parts {
  readonly backlog: Backlog<PendingTask>;
  readonly flights: TaskFlights;
  readonly epochs: HostEpochs;
}

/** Sends what waits at the host, in its order, as far as it may be sent. */
export function sendWaiting({ backlog, flights, epochs }: Parts, route: Route): void {
  for (let next = backlog.first; next; next = backlog.first) {
    if (next.kind === 'barrier') {
      if (flights.hasUnstarted || !epochs.pass(next)) break;
      backlog.shift();
    } else {
      if (!route.isOpen) break;
      backlog.shift();
      next.place = 'sent';
      flights.send(flights.add(next));
    }
  }
}
