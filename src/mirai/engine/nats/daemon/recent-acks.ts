/** How many acknowledgements are remembered, and for how many ms. */
const most = 16_384;
const longest = 10_000;

/**
 * The last acknowledgements. A server that is killed may have dropped a message and forgotten that it was acknowledged: it waits for
 * that then, and nats-server 2.9 delivers nothing else meanwhile.
 */
export class RecentAcks {
  readonly #subjects: string[] = [];
  readonly #times: number[] = [];
  /** Where the next one goes. */
  #next = 0;

  /** @param subject to which it was sent */
  add(subject: string): void {
    this.#subjects[this.#next] = subject;
    this.#times[this.#next] = performance.now();
    this.#next = (this.#next + 1) % most;
  }

  get all(): string[] {
    const old = performance.now() - longest;
    return this.#subjects.filter((_, index) => (this.#times[index] ?? 0) > old);
  }

  clear(): void {
    this.#subjects.length = 0;
    this.#times.length = 0;
    this.#next = 0;
  }
}
