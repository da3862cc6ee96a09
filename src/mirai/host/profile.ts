import type { Status } from '../options.js';
import type { ProfileTelemetry } from '../telemetry/profile-telemetry.js';
import type { PendingTask, Submission } from './pending-task.js';
import type { ProfileOptions } from './profile-options.js';
import type { RandomStreams } from './random-streams.js';

/** A compute profile: its daemons, the tasks that wait for them, and what is told of both. */
export interface Profile {
  readonly options: ProfileOptions;
  readonly telemetry: ProfileTelemetry;
  /** One stream for each task, where there is a seed. */
  readonly random: RandomStreams | undefined;
  /** Whether results are kept by key: never, where a key is given, or always. */
  readonly keeps: 'nothing' | 'by given key' | 'everything';
  /** How many daemons it is to have. */
  readonly size: number;
  /** @throws what kept a daemon from coming up, after all of them are gone */
  start(count: number): Promise<void>;
  /** Starts more daemons on this machine. @throws what kept one of them from coming up */
  launch(count: number): Promise<void>;
  /** Puts a task into the queue. */
  submit(task: PendingTask): void;
  /** Whether a task of this size would not have to wait for memory. */
  admits(bytes: number): boolean;
  /**
   * Has each daemon run a task before anything that is submitted later.
   *
   * @param make gives the task of a daemon; of those that join later too
   * @param onPassed is called when all have run it, or with what keeps them from it
   * @param what all those tasks have in common
   */
  everywhere(
    make: () => PendingTask,
    min: number,
    onPassed: (error?: Error) => void,
    what: Pick<Submission<unknown>, 'key' | 'packed'>,
  ): void;
  /** Rejects a task, which its daemon need not end any more. @returns whether it had not settled before */
  cancel(task: PendingTask, error: Error): boolean;
  /** Rejects what has not settled, and ends the daemons. */
  reset(): Promise<void>;
  status(): Status;
}
