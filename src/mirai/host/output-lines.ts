import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Writes what a daemon writes, line by line, each with the name of the daemon before it. */
export function forwardLines(from: Readable, to: NodeJS.WritableStream, daemon: string): void {
  from.resume();
  createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    to.write(`[${daemon}] ${line}\n`);
  });
}
