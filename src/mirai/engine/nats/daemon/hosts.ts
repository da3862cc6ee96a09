import { Recent } from './recent.js';

/** How many tasks are remembered that were cancelled before they came. */
const most = 10_000;

/** Of how many hosts it is known what they have said. */
const mostHosts = 10_000;

/** What a daemon knows of the hosts whose tasks it runs. */
export class Hosts {
  /** How many `everywhere()` of each it has. */
  readonly #epochs = new Recent<number>(mostHosts);
  readonly #cancelled = new Set<string>();
  /** By how many ms the clock here is ahead of theirs. */
  readonly #offsets = new Recent<number>(mostHosts);

  /** @param time of the host, when it sent what has just come */
  told(host: string, time: number): void {
    const offset = Date.now() - time;
    // The message took some time; the one that took the least comes closest.
    this.#offsets.set(host, Math.min(offset, this.#offsets.get(host) ?? offset));
  }

  /** By how many ms the clock here is ahead of that of the host, as far as it is known. */
  offset(host: string): number {
    return this.#offsets.get(host) ?? 0;
  }

  epoch(host: string): number {
    return this.#epochs.get(host) ?? 0;
  }

  /** @returns whether this part is the next one */
  advance(host: string, epoch: number): boolean {
    if (epoch !== this.epoch(host) + 1) return false;
    this.#epochs.set(host, epoch);
    return true;
  }

  cancelled(host: string, id: number): void {
    if (this.#cancelled.size >= most) this.#cancelled.clear();
    this.#cancelled.add(`${host} ${id}`);
  }

  /** Whether a task that comes now was cancelled before. */
  wasCancelled(host: string, id: number): boolean {
    return this.#cancelled.size > 0 && this.#cancelled.has(`${host} ${id}`);
  }
}
