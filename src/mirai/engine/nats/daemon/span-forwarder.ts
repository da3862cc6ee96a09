import type { SpanRecord } from '../../../protocol/span-record.js';
import type { Origin, SpanRelay } from '../../../telemetry/relay.js';
import { HeldTask } from './held-task.js';

/** How many spans wait for a host at most. */
const most = 10_000;

/** Hands the spans of slots to a host. With `isOver` they are for any host. */
type Send = (
  host: string,
  slot: Origin,
  spans: readonly SpanRecord[],
  isOver?: (confirmed: boolean, spans: readonly SpanRecord[]) => void,
) => void;

/** The spans that come with no result: those of a task go to its host, and others to one that traces, as soon as there is one. */
export class SpanForwarder implements SpanRelay {
  readonly #send: Send;
  #waiting: { slot: Origin; spans: readonly SpanRecord[] }[] = [];
  #count = 0;
  /** Those that trace, the last that was heard of at the end. */
  readonly #hosts = new Set<string>();

  constructor(send: Send) {
    this.#send = send;
  }

  start(): void {}

  accept(spans: readonly SpanRecord[], slot: Origin, owner?: unknown): void {
    if (owner instanceof HeldTask) {
      this.#send(owner.head.host, slot, spans);
      return;
    }
    if (spans.length === 0 || this.#count + spans.length > most) return;
    this.#count += spans.length;
    this.#waiting.push({ slot, spans });
    this.#flush();
  }

  /** Such spans go with the result of their task. */
  acceptEval(): void {}

  heardOf(host: string): void {
    if (this.#hosts.has(host) && this.#waiting.length === 0) return;
    this.#hosts.delete(host);
    this.#hosts.add(host);
    this.#flush();
  }

  get host(): string | undefined {
    return [...this.#hosts].at(-1);
  }

  #flush(): void {
    const { host } = this;
    if (host === undefined) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#count = 0;
    for (const { slot, spans } of waiting) {
      this.#send(host, slot, spans, (confirmed, some) => {
        if (confirmed) return;
        this.#hosts.delete(host);
        this.accept(some, slot);
      });
    }
  }
}
