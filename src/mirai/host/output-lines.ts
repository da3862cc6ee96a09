import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Writes what a daemon writes, line by line, each with its name before it where it has one. */
export function forwardLines(from: Readable, to: NodeJS.WritableStream, daemon: string | undefined): void {
  const mark = daemon === undefined ? '' : `[${daemon}] `;
  from.resume();
  createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    to.write(`${mark}${line}\n`);
  });
}
