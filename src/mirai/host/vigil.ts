import { availableParallelism } from 'node:os';
import { Pauses } from '../protocol/pauses.js';
import type { Connection } from './connection.js';

/** Within how many ms the last tasks have ended where the next one is waited for without sleep, and for as many ms. */
const soon = 0.1;

/** On a single processor it would only keep the daemon from it. */
const hasProcessors = availableParallelism() > 1;

/**
 * Waits without sleep for the end of a task that takes less time than to wake a thread takes. It is for who has nothing else to do, and
 * only while there is one task: more of them would be kept waiting.
 */
export class Vigil {
  readonly #isOne: () => boolean;
  readonly #waits = new Pauses();

  /** @param isOne whether there is one task to wait for */
  constructor(isOne: () => boolean) {
    this.#isOne = isOne;
  }

  /** A daemon was told something. */
  begin(connection: Connection): void {
    if (!hasProcessors || !this.#isOne()) return;
    this.#waits.begin(performance.now());
    if (!this.#waits.areWithin(soon)) return;
    // After what else is to be done in this turn of the event loop.
    setImmediate(() => {
      if (this.#isOne()) connection.stayAwake(soon);
    });
  }

  /** A daemon has said something. */
  end(): void {
    this.#waits.end(performance.now());
  }
}
