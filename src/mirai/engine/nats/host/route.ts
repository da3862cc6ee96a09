import type { Flight } from './flight.js';
import type { TaskMessage } from './task-messages.js';

/** The way of tasks to daemons. */
export interface Route {
  /** Whether one more may be sent now. */
  readonly isOpen: boolean;
  send(flight: Flight, message: TaskMessage): void;
  /** The promise of the task has settled by what a daemon said. */
  ended(flight: Flight): void;
  /** It is not wanted any more. */
  cancelled(flight: Flight): void;
  /** What was on its way when the connection was lost has to be sent again. */
  interrupted(): void;
  /** The server has what it needs. @param isNew whether the stream there holds nothing of what was sent */
  reconnected(isNew: boolean): void;
  /** Takes all back that no daemon has. */
  clear(): Promise<void>;
  stop(): void;
}

/** What a route tells. */
export interface RouteEvents {
  /** More may be sent. */
  opened(): void;
  /** The task cannot be sent at all. */
  refused(flight: Flight, error: Error): void;
  /** The task was submitted before by another host, under the same key. */
  known(flight: Flight): void;
  /** It is not with the server any more, and has to be sent again. */
  vanished(flight: Flight): void;
}
