import { diag } from '@opentelemetry/api';

/** What has been begun and is to be waited for at the end. */
export class Underway {
  readonly #all = new Set<Promise<void>>();

  add(done: Promise<void>): void {
    this.#all.add(done);
    done
      .catch((error: unknown) => diag.warn('mirai: the end of a task was not told', error))
      .finally(() => this.#all.delete(done));
  }

  /** Resolves when there is nothing more. */
  async over(): Promise<void> {
    while (this.#all.size > 0) await Promise.allSettled(this.#all);
  }
}
