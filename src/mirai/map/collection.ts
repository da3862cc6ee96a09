/** How the elements of a map have ended so far, and who waits for which of it. */
export class Collection<R> {
  /** Results by index; those of elements that failed are left out. */
  readonly values: R[] = [];
  readonly #failures = new Map<number, unknown>();
  /** Indexes in the order in which they ended. */
  readonly #order: number[] = [];
  /** Set where the items could not be read on. */
  broken: { readonly reason: unknown } | undefined;
  /** Set where it was cancelled before all items were read. */
  interrupted: { readonly reason: unknown } | undefined;
  /** How many elements there are so far. */
  length = 0;
  /** Whether there will be no more. */
  isClosed = false;
  readonly #waiting = new Set<() => void>();

  get ended(): number {
    return this.#order.length;
  }

  get isOver(): boolean {
    return this.isClosed && this.ended === this.length;
  }

  /** The one that came first. */
  get firstFailure(): { readonly reason: unknown } | undefined {
    for (const reason of this.#failures.values()) return { reason };
    return undefined;
  }

  resolve(index: number, value: R): void {
    this.values[index] = value;
    this.#end(index);
  }

  reject(index: number, reason: unknown): void {
    this.#failures.set(index, reason);
    this.#end(index);
  }

  close(): void {
    this.isClosed = true;
    this.#wake();
  }

  /** The outcome of an element that has ended. */
  outcome(index: number): PromiseSettledResult<R> {
    if (this.#failures.has(index)) return { status: 'rejected', reason: this.#failures.get(index) };
    return { status: 'fulfilled', value: this.values[index] as R }; // cast: it has ended
  }

  /** The index of the `nth` element to end. */
  inOrder(nth: number): number | undefined {
    return this.#order[nth];
  }

  /** Resolves at the next change. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #end(index: number): void {
    this.#order.push(index);
    this.#wake();
  }

  #wake(): void {
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
