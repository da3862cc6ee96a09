// What the tests use of `node:timers/promises`.

/** Resolves when the jobs are done that were queued, and every unhandled rejection among them has been reported. */
export async function setImmediate() {
  await new Promise((resolve) => {
    globalThis.setImmediate(resolve);
  });
  await globalThis.rejectionsReported();
}
