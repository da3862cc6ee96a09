/** How many messages of a daemon are known by their number, so that one that comes again is told from a new one. */
const mostKnown = 10_000;

/** For how many ms a daemon is known of which nothing comes: longer than it sends anything once more. */
const knownFor = 300_000;

interface Known {
  readonly ns: Set<number>;
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
    const known = this.#daemons.get(daemon) ?? { ns: new Set(), last: 0 };
    this.#daemons.set(daemon, known);
    known.last = performance.now();
    const { ns } = known;
    if (ns.has(n)) return false;
    ns.add(n);
    if (ns.size <= mostKnown) return true;
    const [oldest = n] = ns; // sets keep the order in which they were filled
    ns.delete(oldest);
    return true;
  }

  /** Forgets daemons that have nothing to say any more. */
  forget(): void {
    const old = performance.now() - knownFor;
    for (const [daemon, { last }] of this.#daemons) if (last < old) this.#daemons.delete(daemon);
  }
}
