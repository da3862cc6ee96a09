import type { ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** How much is kept of what a command writes. */
const mostKept = 8000;

/** What a command writes, in which a daemon may say that it is ready: `{"event":"ready","id":"…"}` in a line of its own. */
export class WatchedOutput {
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #line = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.#stdout = `${this.#stdout}${text}`.slice(-mostKept);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-mostKept);
    });
  }

  get stdout(): string {
    return stripVTControlCharacters(this.#stdout).trim();
  }

  /** What it wrote to stderr, or if it wrote nothing there, to stdout. */
  get said(): string {
    return stripVTControlCharacters(this.#stderr).trim() || this.stdout;
  }

  /** Calls back with the id of each daemon that says so. */
  whenReady(ready: (id: string) => void): void {
    this.#child.stdout?.on('data', (text) => {
      const lines = `${this.#line}${text}`.split('\n');
      this.#line = (lines.pop() ?? '').slice(-mostKept);
      for (const id of lines.map(readyId)) if (id !== undefined) ready(id);
    });
  }

  forget(): void {
    this.#child.stdout?.removeAllListeners('data');
    this.#child.stderr?.removeAllListeners('data');
  }
}

/** The id of the daemon that says in this line that it is ready. */
function readyId(line: string): string | undefined {
  // What starts the daemon may have written without ending the line.
  const start = line.indexOf('{"event":');
  if (start < 0) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(start));
    if (typeof value !== 'object' || value === null) return undefined;
    const { event, id } = value as { event?: unknown; id?: unknown }; // cast: whatever object it is may have them
    return event === 'ready' && typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
