import { clearScreenDown, moveCursor } from 'node:readline';

/** What a terminal has beside a stream. */
export interface TextOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly columns?: number;
}

/** Text that is shown again and again: in its place on a terminal, one after the other elsewhere. */
export class LiveText {
  readonly #output: TextOutput;
  #height = 0;

  constructor(output: TextOutput) {
    this.#output = output;
  }

  show(text: string): void {
    if (!this.#output.isTTY) {
      this.#output.write(`${text}\n\n`);
      return;
    }
    const lines = this.#fitted(text.split('\n'));
    if (this.#height > 0) moveCursor(this.#output, -(this.#output.columns ?? 0), -this.#height);
    clearScreenDown(this.#output);
    this.#output.write(`${lines.join('\n')}\n`);
    this.#height = lines.length;
  }

  /** What goes over the edges cannot be gone back over. */
  #fitted(lines: readonly string[]): readonly string[] {
    // A terminal that does not know its size says 0.
    const rows = this.#output.rows || 24;
    const columns = this.#output.columns || 80;
    const narrow = lines.map((line) =>
      Array.from(line)
        .slice(0, columns - 1)
        .join(''),
    );
    if (narrow.length < rows) return narrow;
    const shown = Math.max(rows - 2, 1);
    return [...narrow.slice(0, shown), `… ${narrow.length - shown} more lines`];
  }
}
