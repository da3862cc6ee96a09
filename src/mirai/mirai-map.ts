import { DomainPromise } from '../domain/domain-promise.js';
import type { Collection } from './map/collection.js';
import { handled } from './mirai.js';

/** What a `MiraiMap` is told by, and what it can ask for. */
export interface MapControl<R> {
  readonly collection: Collection<R>;
  /** Resolves when all elements have ended, however they did, or rejects where the items could not be read. */
  readonly over: DomainPromise<void>;
  /** All elements are wanted, whatever becomes of the others. */
  keepGoing(): void;
  cancel(reason: unknown): boolean[];
}

type Executor<R> = (resolve: (value: R[]) => void, reject: (reason: unknown) => void) => void;

/**
 * The promise of the results of a map, in the order of its items. It rejects with the first failure, and cancels what has
 * not ended then, unless `settled()` was called before.
 *
 * With `for await` the results come as they are there; to leave the loop cancels the rest.
 *
 * Source: `mirai_map()` of the R package `mirai`.
 */
export class MiraiMap<R> extends DomainPromise<R[]> {
  /** What `then()` returns is no map any more. */
  static override get [Symbol.species]() {
    return DomainPromise;
  }

  readonly #control: MapControl<R>;

  /** @internal Maps come from `miraiMap()` and `everywhere()`. */
  constructor(executor: Executor<R>, control: MapControl<R>) {
    super(executor);
    this.#control = control;
  }

  /** Whether an element has not ended. */
  get unresolved(): boolean {
    return !this.#control.collection.isOver;
  }

  /** How all elements have ended, in the order of the items. Rejects only where the items could not be read. */
  settled(): DomainPromise<PromiseSettledResult<R>[]> {
    const { collection, over } = this.#control;
    this.#control.keepGoing();
    handled(this);
    return over.then(() =>
      Array.from({ length: collection.length }, (_, index) => collection.outcome(index)),
    );
  }

  /**
   * Cancels all elements that have not ended; their errors are `MiraiInterrupt`.
   *
   * @returns for each element whether it had not ended
   */
  cancel(reason?: unknown): boolean[] {
    handled(this);
    return this.#control.cancel(reason);
  }

  /** The results in the order in which they are there. Throws the first failure. */
  async *[Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
    const { collection, over } = this.#control;
    handled(this);
    let isRead = false;
    try {
      for (let nth = 0; ; nth++) {
        while (nth >= collection.ended && !collection.isOver) await collection.change();
        const index = collection.inOrder(nth);
        if (index === undefined) break;
        const outcome = collection.outcome(index);
        if (outcome.status === 'rejected') throw (collection.broken ?? outcome).reason;
        yield outcome.value;
      }
      isRead = true;
      await over;
      if (collection.interrupted) throw collection.interrupted.reason;
    } finally {
      if (!isRead) this.#control.cancel('the loop over the map was left');
    }
  }
}
