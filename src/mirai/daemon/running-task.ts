import type { Span } from '@opentelemetry/api';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { check } from '../../errors.js';
import type { Run } from '../protocol/messages.js';
import type { CurrentTask } from '../protocol/running.js';

/** What `Math.random` was before a seed replaced it. */
const random = Math.random;

/** The task that a daemon evaluates, as its code sees it. */
export class RunningTask implements CurrentTask {
  readonly id: number;
  readonly job: number;
  readonly inMap: boolean;
  readonly random: () => number;
  span: Span | undefined;
  readonly #progress: (fraction: number) => void;
  #controller: AbortController | undefined;
  #reason: unknown;
  #aborted = false;

  constructor(run: Run, progress: (fraction: number) => void) {
    this.id = run.id;
    this.job = run.job;
    this.inMap = run.inMap ?? false;
    this.#progress = progress;
    const generator = run.random && xoroshiro128plusFromState(run.random);
    this.random = generator ? () => uniformFloat64(generator) : random;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Made when it is asked for: most tasks never do. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  progress(fraction: number): void {
    check('progress: fraction', 'number', fraction);
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new RangeError(`progress: fraction must be from 0 to 1 (got ${fraction})`);
    }
    this.#progress(fraction);
  }
}
