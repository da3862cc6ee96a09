import type { SpanContext } from '@opentelemetry/api';
import type { PendingTask } from '../../../host/pending-task.js';
import { Latest } from './latest.js';

/** How many tasks are remembered at least. */
const least = 10_000;

/** The `mirai` spans of the tasks that settled last: of another run of one, or of its end, it may be heard only later. */
export class SettledSpans {
  readonly #spans = new Latest<number, SpanContext>(least);

  add({ submission: { id, span } }: PendingTask): void {
    if (span) this.#spans.set(id, span);
  }

  get(id: number): SpanContext | undefined {
    return this.#spans.get(id);
  }
}
