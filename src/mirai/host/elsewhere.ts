import type { SpanRelay } from '../telemetry/relay.js';
import type { Connection } from './connection.js';
import type { PendingTask } from './pending-task.js';

/** What a profile tells that serves hosts elsewhere, and not the program around it. */
export interface Elsewhere {
  readonly relay?: SpanRelay;
  /** Whether its process has nothing to do but to wait for the ends of tasks. */
  readonly isAtTheirService?: boolean;
  /** @param tasks those that it ran */
  readonly lost?: (connection: Connection, tasks: ReadonlySet<PendingTask>) => void;
  /** Daemons have joined, or have ended tasks, or are gone. */
  readonly changed?: () => void;
  /** No daemon is left, and none comes up; or the profile is reset. */
  readonly failed?: (error: Error) => void;
}
