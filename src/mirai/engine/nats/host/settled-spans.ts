import type { SpanContext } from '@opentelemetry/api';
import type { PendingTask } from '../../../host/pending-task.js';

/** How many tasks are remembered. */
const most = 10_000;

/** The `mirai` spans of the tasks that settled last: of another run of one, or of its end, it may be heard only later. */
export class SettledSpans {
  readonly #spans = new Map<number, SpanContext>();

  add({ submission: { id, span } }: PendingTask): void {
    if (!span) return;
    this.#spans.set(id, span);
    if (this.#spans.size <= most) return;
    const [oldest] = this.#spans.keys();
    if (oldest !== undefined) this.#spans.delete(oldest);
  }

  get(id: number): SpanContext | undefined {
    return this.#spans.get(id);
  }
}
