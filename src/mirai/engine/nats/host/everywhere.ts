import type { Backlog } from '../../../dispatcher/backlog.js';
import type { Barrier, Ticket } from '../../../dispatcher/job.js';
import type { PendingTask } from '../../../host/pending-task.js';
import type { Roster } from './roster.js';
import type { TaskMessages } from './task-messages.js';

/** A barrier whose parts have been sent. */
interface Epoch {
  readonly number: number;
  readonly barrier: Barrier<PendingTask>;
  /** What each daemon was sent, so that it can be sent once more. */
  readonly sent: Map<string, Promise<Uint8Array>>;
}

interface Parts {
  readonly publish: (daemon: string, message: Uint8Array) => void;
  readonly backlog: Backlog<PendingTask>;
  readonly roster: Roster;
  readonly messages: () => TaskMessages;
  /** A part is on its way to a daemon. */
  readonly fly: (ticket: Ticket<PendingTask>, daemon: string) => void;
  readonly refused: (task: PendingTask, error: unknown) => void;
}

/** What `everywhere()` has daemons do: in its order, and before any task that is submitted later. */
export class HostEpochs {
  readonly #parts: Parts;
  readonly #epochs: Epoch[] = [];
  readonly #onPassed = new Map<Barrier<PendingTask>, (error?: Error) => void>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How many there have been: those that come before a task which is sent now. */
  get current(): number {
    return this.#epochs.length;
  }

  add(make: () => PendingTask, min: number, onPassed: (error?: Error) => void): void {
    const barrier = this.#parts.backlog.addBarrier(make, min);
    this.#onPassed.set(barrier, onPassed);
    for (const [, numbers] of this.#parts.roster.slots())
      for (const number of numbers) this.#open(barrier, number);
  }

  /** The barrier is the first in the queue, and all before it have started. @returns whether all daemons have done their part */
  pass(barrier: Barrier<PendingTask>): boolean {
    if (!this.#epochs.some((epoch) => epoch.barrier === barrier)) this.#begin(barrier);
    if (barrier.open.size > 0 || barrier.ran < barrier.min) return false;
    barrier.passed = true;
    this.#onPassed.get(barrier)?.();
    this.#onPassed.delete(barrier);
    return true;
  }

  /** A daemon has joined: it lacks what others have done. */
  joined(daemon: string, numbers: readonly number[]): void {
    for (const barrier of this.#parts.backlog.barriers) {
      if (!this.#epochs.some((epoch) => epoch.barrier === barrier)) {
        for (const number of numbers) this.#open(barrier, number);
      }
    }
    for (const epoch of this.#epochs) this.#send(epoch, daemon, numbers);
  }

  /** A daemon asks for what comes after `epoch`. */
  behind(daemon: string, epoch: number): void {
    const numbers = [...this.#parts.roster.slots()].find(([each]) => each === daemon)?.[1] ?? [];
    for (const each of this.#epochs) if (each.number > epoch) this.#send(each, daemon, numbers);
  }

  /** A part is over. */
  over(ticket: Ticket<PendingTask>): void {
    const { barrier } = ticket;
    if (!barrier) return;
    barrier.ran++;
    for (const [number, each] of barrier.open) if (each === ticket) barrier.open.delete(number);
  }

  /** What has not been done will not be done. */
  fail(error: Error): void {
    for (const onPassed of this.#onPassed.values()) onPassed(error);
    this.#onPassed.clear();
  }

  #begin(barrier: Barrier<PendingTask>): void {
    const epoch: Epoch = { number: this.#epochs.length + 1, barrier, sent: new Map() };
    this.#epochs.push(epoch);
    const here = new Set<number>();
    for (const [daemon, numbers] of this.#parts.roster.slots()) {
      for (const number of numbers) here.add(number);
      this.#send(epoch, daemon, numbers);
    }
    // Those of slots that are gone meanwhile have nobody to do them.
    for (const [number, ticket] of barrier.open) {
      if (!here.has(number)) this.#parts.refused(ticket.job, new Error('the daemon is gone'));
    }
  }

  #open(barrier: Barrier<PendingTask>, number: number): Ticket<PendingTask> | undefined {
    const known = barrier.open.get(number);
    if (known || barrier.passed) return known;
    const ticket = this.#parts.backlog.ticket(barrier.make(number), barrier);
    ticket.job.ticket = ticket;
    barrier.open.set(number, ticket);
    return ticket;
  }

  #send(epoch: Epoch, daemon: string, numbers: readonly number[]): void {
    const { publish, fly } = this.#parts;
    let message = epoch.sent.get(daemon);
    if (!message) {
      const { barrier } = epoch;
      const tickets = numbers.map((number) => this.#open(barrier, number) ?? this.#late(barrier, number));
      for (const ticket of tickets) fly(ticket, daemon);
      message = this.#message(
        epoch,
        tickets.map(({ job }) => job),
      );
      epoch.sent.set(daemon, message);
    }
    message.then(
      (bytes) => publish(daemon, bytes),
      () => undefined,
    );
  }

  /** For a daemon that joins after all others were done. */
  #late(barrier: Barrier<PendingTask>, number: number): Ticket<PendingTask> {
    const ticket = this.#parts.backlog.ticket(barrier.make(number), barrier);
    ticket.job.ticket = ticket;
    return ticket;
  }

  async #message(epoch: Epoch, tasks: readonly PendingTask[]): Promise<Uint8Array> {
    const { messages, refused } = this.#parts;
    const ids = tasks.map(({ submission }) => submission.id);
    const [first = epoch.barrier.make(0), ...others] = tasks;
    try {
      const { bytes } = await messages().ofParts([first, ...others], ids, epoch.number);
      return bytes;
    } catch (error) {
      for (const task of tasks) refused(task, error);
      throw error;
    }
  }
}
