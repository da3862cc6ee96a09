/** Counts the bytes of waiting jobs against a budget. What is larger than all of it passes while nothing else waits. */
export class MemoryGate {
  readonly capacity: number;
  #used = 0;
  #peak = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get used(): number {
    return this.#used;
  }

  /** The most that was used at a time. */
  get peak(): number {
    return this.#peak;
  }

  admits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.capacity;
  }

  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#peak) this.#peak = this.#used;
  }

  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}
