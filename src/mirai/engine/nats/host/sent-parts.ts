import type { Ticket } from '../../../dispatcher/job.js';
import type { PendingTask } from '../../../host/pending-task.js';

type Tickets = readonly Ticket<PendingTask>[];

const isOpen = (tickets: Tickets): boolean => tickets.some(({ place }) => place !== 'over');

/** The parts of `everywhere()` that daemons were sent, as long as some of them have not ended. */
export class SentParts {
  readonly #daemons = new Map<string, Map<number, Tickets>>();

  /** What the daemon was sent of an epoch, so that it is sent the same once more. */
  get(daemon: string, epoch: number): Tickets | undefined {
    const tickets = this.#daemons.get(daemon)?.get(epoch);
    return tickets && isOpen(tickets) ? tickets : undefined;
  }

  add(daemon: string, epoch: number, tickets: Tickets): void {
    const epochs = this.#daemons.get(daemon) ?? new Map<number, Tickets>();
    this.#daemons.set(daemon, epochs.set(epoch, tickets));
  }

  gone(daemon: string): void {
    this.#daemons.delete(daemon);
  }

  /** The daemons with parts that have not ended, and the ids of those; forgets the others. */
  *open(): Iterable<[daemon: string, ids: readonly number[]]> {
    for (const [daemon, epochs] of this.#daemons) {
      for (const [epoch, tickets] of epochs) if (!isOpen(tickets)) epochs.delete(epoch);
      if (epochs.size === 0) this.#daemons.delete(daemon);
      const open = [...epochs.values()].flat().filter(({ place }) => place !== 'over');
      if (open.length > 0) yield [daemon, open.map(({ job }) => job.submission.id)];
    }
  }
}
