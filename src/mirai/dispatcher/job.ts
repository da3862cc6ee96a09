import type { Listed } from './ordered-list.js';

/** A task as the dispatcher sees it. */
export interface Job {
  /** Size of the arguments in bytes. */
  readonly bytes: number;
  /** Jobs of one kind are expected to take equally long. */
  readonly kind: string | number;
  /** Whether it cannot be taken back from a daemon, nor be tried again, because its buffers move there. */
  readonly pinned: boolean;
  /** How often it is tried again when its daemon is lost while it runs. */
  readonly retries: number;
}

/**
 * Where a job is: `line` is before the queue, for want of memory; `sent` is in the hand of a daemon, behind another one;
 * `running` is the first in the hand; `over` is ended, lost, or cancelled, in which case a daemon may still have it in hand.
 */
type Place = 'line' | 'queue' | 'sent' | 'running' | 'over';

/** A job on its way through the dispatcher. */
export interface Ticket<J extends Job> extends Listed<Queued<J>> {
  readonly kind: 'ticket';
  readonly job: J;
  /** The barrier that it is a part of, for jobs of `everywhere()`. */
  readonly barrier: Barrier<J> | undefined;
  place: Place;
  /** The daemon that has it in hand. */
  daemon: number | undefined;
  /** Whether that daemon has been asked to give it back, and what it answered. */
  recall: 'asked' | 'refused' | undefined;
  /** How often it was lost with a daemon so far. */
  losses: number;
}

/** What `everywhere()` puts into the queue: no later job starts before each daemon has ended its part. */
export interface Barrier<J extends Job> extends Listed<Queued<J>> {
  readonly kind: 'barrier';
  /** The job of a daemon. */
  readonly make: (daemon: number) => J;
  readonly min: number;
  /** The parts that have not ended, by daemon. */
  readonly open: Map<number, Ticket<J>>;
  /** How many daemons have ended theirs. */
  ran: number;
  passed: boolean;
}

export type Queued<J extends Job> = Ticket<J> | Barrier<J>;
