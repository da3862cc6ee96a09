/** A database that answers in a later job, and fails as often as it is told to. */
export function fakeDatabase({ failures = 0 } = {}) {
  let left = failures;
  return {
    async readPrices() {
      if (left === 0) return [1999, 250];
      left -= 1;
      throw new Error('connection lost');
    },
  };
}
