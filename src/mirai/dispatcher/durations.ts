/** How much a new figure counts against those before it. */
const weight = 0.3;

/** No job counts as shorter, in ms: what it costs to hand it over. */
const shortest = 0.004;

/** How many kinds are remembered. */
const most = 2000;

/** Expects jobs of a kind to take as long as those before them. */
export class Durations {
  readonly #mean = new Map<string | number, number>();

  /** In ms; `Infinity` for a kind of which none has ended yet. */
  expected(kind: string | number): number {
    return this.#mean.get(kind) ?? Number.POSITIVE_INFINITY;
  }

  /** A job of this kind took `ran` ms. */
  learn(kind: string | number, ran: number): void {
    const before = this.#mean.get(kind);
    if (before === undefined && this.#mean.size >= most) this.#mean.clear();
    const took = Math.max(ran, shortest);
    // A long one counts at once and in full: to send ahead too little costs less than to wait behind it.
    this.#mean.set(
      kind,
      before === undefined || took > 8 * before ? took : before + weight * (took - before),
    );
  }
}
