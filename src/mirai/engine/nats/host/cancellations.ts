import { AtTheEnd } from '../../../host/at-the-end.js';
import { toFrame } from '../wire/frame.js';
import type { Flight } from './flight.js';

/** Tells daemons what is not wanted any more: the one that runs a task, or all of them where that is not known. */
export class Cancellations {
  readonly #host: () => string;
  readonly #publish: (daemon: string | undefined, message: Uint8Array) => void;
  readonly #waiting = new Map<string | undefined, number[]>();
  readonly #flush = new AtTheEnd(() => this.#send());

  constructor(host: () => string, publish: (daemon: string | undefined, message: Uint8Array) => void) {
    this.#host = host;
    this.#publish = publish;
  }

  add({ task, daemon }: Flight): void {
    this.tell(daemon, task.submission.id);
  }

  tell(daemon: string | undefined, id: number): void {
    const list = this.#waiting.get(daemon);
    if (list) list.push(id);
    else this.#waiting.set(daemon, [id]);
    this.#flush.ask();
  }

  #send(): void {
    for (const [daemon, ids] of this.#waiting) {
      this.#publish(daemon, toFrame({ v: 1, kind: 'cancel', host: this.#host(), ids }));
    }
    this.#waiting.clear();
  }
}
