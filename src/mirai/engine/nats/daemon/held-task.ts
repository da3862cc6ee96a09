import type { PendingTask } from '../../../host/pending-task.js';
import type { KeyRecord } from '../key-store.js';
import type { TaskHead } from '../wire/task.js';
import type { Delivery } from './delivery.js';

/** A key as it is claimed. */
interface HeldClaim {
  readonly by: string;
  /** The record, once it is there. */
  readonly asked: Promise<KeyRecord | undefined>;
}

/** A task that a daemon has and has not ended. */
export class HeldTask {
  readonly head: TaskHead;
  delivery: Delivery;
  /** Since when the daemon has it, in ms. */
  readonly since = performance.now();
  /** Once a slot may run it. */
  task: PendingTask | undefined;
  /** Since when it is known to run, in ms. */
  seenRunning: number | undefined;
  /** Whether the host knows that it runs. */
  isTold = false;
  /** What its key may say of it. */
  claim: HeldClaim | undefined;
  /** Whether it is given back, as soon as its key does not say any more that it may have begun. */
  isReturning = false;
  /** Whether the daemon has it no more. */
  isOver = false;

  constructor(head: TaskHead, delivery: Delivery) {
    this.head = head;
    this.delivery = delivery;
  }

  /** Whether it is still to be run. */
  get isWanted(): boolean {
    return !this.isOver && !this.isReturning;
  }

  get isRunning(): boolean {
    return this.task?.ticket?.place === 'running';
  }

  /** Whether nothing of it has been run. */
  get isWaiting(): boolean {
    return this.isQueued || this.task?.ticket?.place === 'sent';
  }

  /** Whether it came from its host, and no stream has it. */
  get isDirect(): boolean {
    return this.delivery.sequence === undefined;
  }

  /** Whether others may run it: nothing of it has been run, or it may be run more than once. */
  get isForOthers(): boolean {
    return !this.task || this.isQueued || !this.isDirect;
  }

  /** Whether no slot has it in hand either. */
  get isQueued(): boolean {
    return this.task?.ticket?.place === 'queue';
  }

  /** Whether no slot can have begun it. */
  get isUnbegun(): boolean {
    return !this.task?.ticket || this.isQueued;
  }
}

/** The ids of tasks of the slots, by host; parts of `everywhere()` are left out. */
export function tasksByHost(tasks: ReadonlySet<PendingTask>): Map<string, number[]> {
  const ids = new Map<string, number[]>();
  for (const { submission } of tasks) {
    if (!(submission.owner instanceof HeldTask)) continue;
    const { host, id } = submission.owner.head;
    ids.set(host, [...(ids.get(host) ?? []), id]);
  }
  return ids;
}
