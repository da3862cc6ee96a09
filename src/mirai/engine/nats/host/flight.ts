import type { Ticket } from '../../../dispatcher/job.js';
import type { PendingTask } from '../../../host/pending-task.js';
import type { LargeValue } from '../large-values.js';

/** A task of the host that has not settled, on its way through the server. */
export interface Flight {
  readonly task: PendingTask;
  readonly ticket: Ticket<PendingTask>;
  /** Under which its result is kept. */
  readonly key: string | undefined;
  /** Whether its promise has settled. */
  isOver: boolean;
  /** Whether its host has gone and left it to daemons. */
  isLeft: boolean;
  /** Number in the stream, once it is there. */
  sequence: number | undefined;
  /** Whether the message of that number is of one that was submitted before it under its key. */
  isDuplicate: boolean;
  /** The daemon that runs it, as far as it is known. */
  daemon: string | undefined;
  /** Its own number of the slot that runs it, the same. */
  slot: number | undefined;
  /** Whether it was sent straight to a daemon. */
  isDirect: boolean;
  /** How many daemons have said that they run it. */
  starts: number;
  /** The last daemon that has said so, and for which delivery. */
  lastStart: string | undefined;
  /** How often it was put into the stream. */
  attempts: number;
  /** Its arguments, where they are in the object store. */
  large: LargeValue | undefined;
  /** When it was sent the last time, in ms. */
  sent: number;
  /** Stops waiting for what another run of it leaves, where that is so. */
  unfollow: (() => void) | undefined;
}

export function flightOf(task: PendingTask, ticket: Ticket<PendingTask>, key: string | undefined): Flight {
  // One literal: made of several it takes forty times as long, and there is one for each task.
  return {
    task,
    ticket,
    key,
    isOver: false,
    isLeft: false,
    sequence: undefined,
    isDuplicate: false,
    daemon: undefined,
    slot: undefined,
    isDirect: false,
    starts: 0,
    lastStart: undefined,
    attempts: 0,
    large: undefined,
    sent: performance.now(),
    unfollow: undefined,
  };
}

/** Under which the stream keeps one message of a task, whoever sends it: that of a key is the same for all hosts. */
export function messageIdOf(host: string, { key, attempts, task }: Flight): string {
  if (key === undefined) return `${host}.${task.submission.id}.${attempts}`;
  // In a header it could not be just anything.
  const id = `key.${Buffer.from(key).toString('base64url')}`;
  // Of one that is lost the stream remembers that it has had it.
  return attempts === 0 ? id : `${id}.${host}.${attempts}`;
}
