import { DaemonLost } from '../../../errors.js';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { Hand } from './hand.js';
import type { HeldTask } from './held-task.js';
import type { Work } from './work.js';

interface Parts {
  readonly hand: Hand;
  readonly work: () => Work;
  readonly slots: () => LocalProfile;
}

/** Has others run what a daemon has: what its slots do not come to, or all of it when it ends. */
export class HandBack {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What waits behind tasks that take long, and another daemon is free for. */
  stuck(): void {
    this.#giveBack(this.#parts.hand.stuck());
  }

  /** What waits and would be taken for lost. */
  overdue(): void {
    this.#giveBack(this.#parts.hand.overdue());
  }

  /** What no slot has in hand. */
  waiting(): void {
    this.#giveBack(this.#parts.hand.waiting());
  }

  /** What may be run more than once is run by others; the rest is lost where it may have begun. */
  all(): void {
    const { hand, slots } = this.#parts;
    const all = [...hand.all];
    this.#giveBack(all.filter(({ isForOthers }) => isForOthers));
    for (const { task, isWanted } of all)
      if (task && isWanted) slots().cancel(task, new DaemonLost('its daemon was ended'));
  }

  #giveBack(some: readonly HeldTask[]): void {
    for (const held of some) this.#parts.work().giveBack(held);
  }
}
