/** Calls functions one after the other: what is given while one runs is called after it. */
export class OneByOne {
  #later: (() => void)[] | undefined;

  run(fn: () => void): void {
    if (this.#later) {
      this.#later.push(fn);
      return;
    }
    const later: (() => void)[] = [];
    this.#later = later;
    try {
      fn();
      for (const next of later) next();
    } finally {
      this.#later = undefined;
    }
  }
}
