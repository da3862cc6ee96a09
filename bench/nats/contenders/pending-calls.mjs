// Matches results with calls, where the peer does not.

export class PendingCalls {
  #settlers = new Map();
  #last = 0;

  /**
   * @param {(id: number) => Promise<unknown>} submit
   * @returns {Promise<unknown>} the result, or why it was not submitted
   */
  call(submit) {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#settlers.set(id, { resolve, reject });
      submit(id).catch((error) => this.#take(id)?.reject(error));
    });
  }

  /** Does nothing where it has been settled: at least once means that a result may come twice. */
  fulfil(id, value) {
    this.#take(id)?.resolve(value);
  }

  fail(id, error) {
    this.#take(id)?.reject(error);
  }

  #take(id) {
    const settlers = this.#settlers.get(id);
    this.#settlers.delete(id);
    return settlers;
  }
}
