// The end of a worker process that its host sees.

/** What the host wants of this worker. */
export const plan = JSON.parse(process.argv[2]);

/** Tells the host that tasks may come. */
export function ready() {
  process.send('ready');
}

// A host that has ended leaves none of them behind.
process.once('disconnect', () => process.exit());
