import { createInterface } from 'node:readline';

/** Reads lines one by one; what comes after the last that was asked for is kept. */
export function linesOf(input: NodeJS.ReadableStream): () => Promise<string | undefined> {
  const lines = createInterface({ input })[Symbol.asyncIterator]();
  return async () => (await lines.next()).value as string | undefined; // cast: lines are strings
}
