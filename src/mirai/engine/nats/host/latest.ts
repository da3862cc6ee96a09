/**
 * Values by key, of the last ones that were set: `least` of them, and up to twice as many. They are forgotten all at once, since what
 * is deleted from the front of a map, one after the other, is passed over again each time that the oldest one is sought.
 */
export class Latest<K, V> {
  readonly #least: number;
  #values = new Map<K, V>();
  #before = new Map<K, V>();

  constructor(least: number) {
    this.#least = least;
  }

  get(key: K): V | undefined {
    return this.#values.get(key) ?? this.#before.get(key);
  }

  set(key: K, value: V): void {
    this.#values.set(key, value);
    if (this.#values.size < this.#least) return;
    this.#before = this.#values;
    this.#values = new Map();
  }
}
