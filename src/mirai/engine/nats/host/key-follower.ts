import { diag } from '@opentelemetry/api';
import { MiraiError } from '../../../errors.js';
import type { KeyRecord, KeyStore, KeyWatch } from '../key-store.js';
import { isVerdict } from '../verdict.js';
import type { KeptEnd } from './kept-results.js';

/** After how many ms it is looked whether there is an end; every time twice as long, up to the second one. */
const firstPause = 500;
const longestPause = 15_000;

/** Who waits for the end of a task: one of these is called, once at most. */
export interface Collector {
  take(end: KeptEnd): void;
  /** It is not to be had. */
  fail(error: Error): void;
}

interface Parts {
  readonly keys: KeyStore;
  readonly endOf: (known: KeyRecord) => Promise<KeptEnd | undefined>;
}

/**
 * Waits for the end of the task of a key. A watcher tells of it at once, but may be lost with its server and cannot be had
 * while that is away: it is looked for the end as well.
 */
export class KeyFollower {
  readonly #parts: Parts;
  readonly #key: string;
  readonly #collector: Collector;
  #pause = firstPause;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #watching: KeyWatch | undefined;
  #isOver = false;

  constructor(parts: Parts, key: string, collector: Collector) {
    this.#parts = parts;
    this.#key = key;
    this.#collector = collector;
    void this.#watch();
    this.#lookLater();
  }

  /** The connection is back. */
  reconnected(): void {
    this.#pause = firstPause;
    void this.#look();
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#watching?.stop();
  }

  #lookLater(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => void this.#look(), this.#pause).unref();
    this.#pause = Math.min(longestPause, 2 * this.#pause);
  }

  async #look(): Promise<void> {
    void this.#watch();
    this.#lookLater();
    try {
      const known = await this.#parts.keys.get(this.#key);
      if (known) await this.#consider(known);
    } catch (error) {
      this.#failed(error);
    }
  }

  async #watch(): Promise<void> {
    if (this.#isAsking || this.#watching) return;
    this.#isAsking = true;
    try {
      const watch = await this.#parts.keys.watch(this.#key, {
        known: (known) => void this.#consider(known),
        failed: (error) => this.#failed(error),
      });
      this.#watching = watch;
      if (this.#isOver) watch.stop();
      void watch.ended.then(() => {
        this.#watching = undefined;
      });
    } catch (error) {
      diag.debug('mirai: a key is not watched', error);
    } finally {
      this.#isAsking = false;
    }
  }

  async #consider(known: KeyRecord): Promise<void> {
    try {
      const end = await this.#parts.endOf(known);
      if (!end || this.#isOver) return;
      this.stop();
      this.#collector.take(end);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (this.#isOver || !isVerdict(error)) return;
    this.stop();
    this.#collector.fail(error instanceof Error ? error : new MiraiError(String(error)));
  }
}
