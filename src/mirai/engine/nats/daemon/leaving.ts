import type { LeaveReason } from '../options.js';

interface Steps {
  /** Takes no more tasks. Resolves when there are none any more. */
  readonly finish: () => Promise<void>;
  /** Hands over results and spans, and disconnects. */
  readonly disconnect: () => Promise<void>;
}

/** How a daemon comes to its end, once: whether it is told to leave, has reached a limit, or has failed. */
export class Leaving {
  readonly left: Promise<LeaveReason>;
  /** Resolves when it has nothing to do any more but to hand over what there is. */
  readonly finished: Promise<LeaveReason>;
  readonly #steps: Steps;
  #over: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #onFinished: ((reason: LeaveReason) => void) | undefined;
  #settle: { resolve: (reason: LeaveReason) => void; reject: (error: unknown) => void } | undefined;

  constructor(steps: Steps) {
    this.#steps = steps;
    this.left = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.left.catch(() => undefined); // whoever wants to know asks
    this.finished = new Promise((resolve) => {
      this.#onFinished = resolve;
    });
  }

  begin(reason: LeaveReason): Promise<void> {
    this.#over ??= this.#leave(reason);
    return this.#over;
  }

  /** In good order all the same: others may have what it cannot run. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    void this.begin('told');
  }

  async #leave(reason: LeaveReason): Promise<void> {
    const { finish, disconnect } = this.#steps;
    await finish();
    this.#onFinished?.(reason);
    await disconnect();
    if (this.#failure) this.#settle?.reject(this.#failure.error);
    else this.#settle?.resolve(reason);
  }
}
