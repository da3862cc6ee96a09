import { PendingTask, type TaskListener } from '../../../host/pending-task.js';
import { keyOf } from '../../../host/task-keys.js';
import type { Carrier, TaskSource } from '../../../protocol/messages.js';
import type { RandomState } from '../../../protocol/random-state.js';
import type { Form } from '../wire/value.js';
import { fromWire } from '../wire/value.js';

interface Plan<O> {
  readonly id: number;
  readonly source: TaskSource;
  readonly form: Form;
  readonly body: Uint8Array;
  readonly submitted: number;
  readonly retries?: number;
  readonly inMap?: boolean | undefined;
  readonly cleanup?: boolean | undefined;
  readonly random?: RandomState | undefined;
  readonly trace?: Carrier | undefined;
  readonly listener: TaskListener<O>;
  readonly owner: O;
}

/** A task of a host as one for the slots. */
export function makeTask<O>(plan: Plan<O>): PendingTask<O> {
  const { id, source, form, body, submitted, retries = 0, inMap = false, cleanup, random, trace } = plan;
  return new PendingTask({
    id,
    submitted,
    retries,
    inMap,
    random,
    trace,
    key: keyOf(source),
    packed: { payload: fromWire(form, body), bytes: body.length, moves: [] },
    // Slots put back what a task has changed, unless it says that it stays.
    stays: cleanup !== true,
    span: undefined,
    listener: plan.listener,
    owner: plan.owner,
  });
}
