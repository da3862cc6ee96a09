import { MiraiError } from '../../../errors.js';
import { PendingTask, type TaskListener } from '../../../host/pending-task.js';
import { keyOf } from '../../../host/task-keys.js';
import type { Packed } from '../../../protocol/codec.js';
import type { Carrier, TaskSource } from '../../../protocol/messages.js';
import type { RandomState } from '../../../protocol/random-state.js';
import { type Form, fromWire } from '../wire/value.js';

interface Plan<O> {
  readonly id: number;
  readonly source: TaskSource;
  readonly packed: Packed;
  readonly submitted: number;
  readonly retries?: number;
  readonly inMap?: boolean | undefined;
  readonly cleanup?: boolean | undefined;
  readonly random?: RandomState | undefined;
  readonly trace?: Carrier | undefined;
  readonly listener: TaskListener<O>;
  readonly owner: O;
}

/** The arguments of a task as they came. @throws MiraiError if they cannot be read */
export function packedOf(form: Form, body: Uint8Array): Packed {
  try {
    return { payload: fromWire(form, body), bytes: body.length, moves: [] };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MiraiError(`the arguments of the task cannot be read: ${why}`, { cause });
  }
}

/** A task of a host as one for the slots. */
export function makeTask<O>(plan: Plan<O>): PendingTask<O> {
  const { id, source, packed, submitted, retries = 0, inMap = false, cleanup, random, trace } = plan;
  return new PendingTask({
    id,
    submitted,
    retries,
    inMap,
    random,
    trace,
    key: keyOf(source),
    packed,
    // Slots put back what a task has changed, unless it says that it stays.
    stays: cleanup !== true,
    span: undefined,
    listener: plan.listener,
    owner: plan.owner,
  });
}
