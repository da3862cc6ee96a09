import { Latest } from './latest.js';

/** How many messages of a daemon are known by their number at least, so that one that comes again is told from a new one. */
const leastKnown = 10_000;

/** For how many ms a daemon is known of which nothing comes: longer than it sends anything once more. */
const knownFor = 300_000;

interface Known {
  readonly ns: Latest<number, true>;
  last: number;
}

/** Which messages of daemons have come, by the number that each daemon gives its own. */
export class Seen {
  readonly #daemons = new Map<string, Known>();

  /** How many daemons are known. */
  get size(): number {
    return this.#daemons.size;
  }

  /** @returns whether the message has not come before */
  isNew(daemon: string, n: number): boolean {
    const known = this.#daemons.get(daemon) ?? { ns: new Latest(leastKnown), last: 0 };
    this.#daemons.set(daemon, known);
    known.last = performance.now();
    if (known.ns.get(n)) return false;
    known.ns.set(n, true);
    return true;
  }

  /** Forgets daemons that have nothing to say any more. */
  forget(): void {
    const old = performance.now() - knownFor;
    for (const [daemon, { last }] of this.#daemons) if (last < old) this.#daemons.delete(daemon);
  }
}
