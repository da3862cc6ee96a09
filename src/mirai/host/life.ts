import { context, type Span } from '@opentelemetry/api';
import { MiraiInterrupt } from '../errors.js';
import type { ProfileTelemetry } from '../telemetry/profile-telemetry.js';
import type { SpanRelay } from '../telemetry/relay.js';
import { KeepAlive } from './keep-alive.js';

interface LifeParts {
  readonly compute: string;
  /** Absent where nobody is to be told in spans that daemons are set and reset. */
  readonly telemetry: ProfileTelemetry | undefined;
  readonly relay: SpanRelay;
  /** How many tasks have not settled. */
  readonly live: () => number;
  /** What comes before the first daemon. */
  readonly open: () => Promise<void>;
  /** Starts daemons. @throws what kept one of them from coming up */
  readonly add: (count: number) => Promise<void>;
  /** Rejects all tasks. */
  readonly rejectAll: (error: Error) => void;
  /** Ends the daemons, and lets everything go. */
  readonly close: () => Promise<void>;
}

/** A profile from its start to its reset; it keeps the process alive while there is something to wait for. */
export class Life {
  readonly #parts: LifeParts;
  readonly #keepAlive = new KeepAlive();
  /** How many calls wait for daemons to come up. */
  #starting = 0;
  #reset: Promise<void> | undefined;
  /** What all tasks are rejected with, those that are still to come too. */
  failure: Error | undefined;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  get isReset(): boolean {
    return this.#reset !== undefined;
  }

  /** @throws what kept a daemon from coming up, after all of them are gone */
  async start(count: number): Promise<void> {
    const parent = context.active();
    const { open, telemetry, relay } = this.#parts;
    try {
      await open();
      if (this.#reset) throw new MiraiInterrupt('daemons: they were reset');
      await this.launch(count);
    } catch (error) {
      const wasReset = this.isReset;
      this.fail(error as Error); // cast: pools throw nothing else
      this.#reset ??= this.#close();
      await this.#reset;
      if (!wasReset) throw error;
      // What came only after that had begun is still to be closed.
      await this.#parts.close();
      throw new MiraiInterrupt('daemons: they were reset before they were there', { cause: error });
    }
    const set: Span | undefined = telemetry?.daemonsSet(parent);
    relay.start(set);
  }

  /** @throws what kept a daemon from coming up */
  async launch(count: number): Promise<void> {
    this.failure = undefined;
    this.#starting++;
    this.settleAlive();
    try {
      await this.#parts.add(count);
    } finally {
      this.#starting--;
      this.settleAlive();
    }
  }

  /** Rejects all tasks, those that are still to come too. */
  fail(error: Error): void {
    this.failure = error;
    this.#parts.rejectAll(error);
    this.settleAlive();
  }

  /** There are daemons, whatever has failed before. */
  recover(): void {
    if (!this.#reset) this.failure = undefined;
  }

  /** Rejects what has not settled, and ends the daemons. */
  reset(): Promise<void> {
    this.#reset ??= this.#resetNow();
    return this.#reset;
  }

  /** To be called when a task was submitted or has settled. */
  settleAlive(): void {
    if (!this.#reset) this.#keepAlive.set(this.#starting > 0 || this.#parts.live() > 0);
  }

  async #resetNow(): Promise<void> {
    const parent = context.active();
    const compute = JSON.stringify(this.#parts.compute);
    this.fail(new MiraiInterrupt(`the daemons of the profile ${compute} were reset`));
    await this.#close();
    this.#parts.telemetry?.daemonsReset(parent);
  }

  async #close(): Promise<void> {
    this.#keepAlive.set(true);
    await this.#parts.close();
    this.#keepAlive.stop();
  }
}
