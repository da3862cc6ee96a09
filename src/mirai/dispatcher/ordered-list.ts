/** What can be in one list at a time. */
export interface Listed<T> {
  /** Place in the order of submission. */
  readonly order: number;
  previous: T | undefined;
  next: T | undefined;
}

/**
 * A doubly linked list in the order of submission: what is added at its end or taken from anywhere costs O(1), and so do those that
 * are put back one after the other.
 */
export class OrderedList<T extends Listed<T>> {
  #first: T | undefined;
  #last: T | undefined;
  /** The one that was added last further forward, or what was before it. */
  #recent: T | undefined;
  #length = 0;

  get first(): T | undefined {
    return this.#first;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds at the end what was submitted last, and further forward what had been taken out before. */
  add(item: T): void {
    if (!this.#last || this.#last.order < item.order) {
      this.#link(this.#last, item, undefined);
      return;
    }
    let next = this.#recent && this.#recent.order < item.order ? this.#recent : this.#first;
    while (next && next.order < item.order) next = next.next;
    this.#link(next?.previous, item, next);
    this.#recent = item;
  }

  remove(item: T): void {
    if (item.previous) item.previous.next = item.next;
    else this.#first = item.next;
    if (item.next) item.next.previous = item.previous;
    else this.#last = item.previous;
    if (this.#recent === item) this.#recent = item.previous;
    item.previous = undefined;
    item.next = undefined;
    this.#length--;
  }

  #link(previous: T | undefined, item: T, next: T | undefined): void {
    item.previous = previous;
    item.next = next;
    if (previous) previous.next = item;
    else this.#first = item;
    if (next) next.previous = item;
    else this.#last = item;
    this.#length++;
  }
}
