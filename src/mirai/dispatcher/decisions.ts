import type { Barrier, Job, Ticket } from './job.js';

/**
 * What the dispatcher decides. It is told what becomes of it by its methods, at once or later: what it is told while it
 * decides is taken in afterwards.
 */
export interface Decisions<J extends Job> {
  /** Hand the job to the daemon, after those that it has in hand. */
  send(daemon: number, ticket: Ticket<J>): void;
  /** Ask the daemon to give back what it has not started. Answered by `recalled()`, or by `lost()`. */
  recall(daemon: number, tickets: readonly Ticket<J>[]): void;
  /** The job was cancelled, and its daemon has started it: ask for its end. Answered by `finished()`, or by `lost()`. */
  abort(daemon: number, ticket: Ticket<J>): void;
  /** The daemon of the job was lost, and the job is not tried again. */
  lose(ticket: Ticket<J>): void;
  /** The daemon has nothing in hand and gets nothing more. Answered by `lost()`. */
  leave(daemon: number): void;
  /** All daemons have run their part of the barrier. */
  passed(barrier: Barrier<J>): void;
}

export interface DispatcherOptions {
  /** Bytes of waiting jobs; `Infinity` for no limit. */
  memory: number;
  /** Jobs after which a daemon leaves, `everywhere()` not counted; `Infinity` for no limit. */
  maxTasks: number;
  /** Whether jobs are dealt out in turn at their submission, and never change daemons. */
  direct: boolean;
}
