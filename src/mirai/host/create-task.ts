import { randomUUID } from 'node:crypto';
import type { Context } from '@opentelemetry/api';
import { MiraiError } from '../errors.js';
import { type Packed, packArguments } from '../protocol/codec.js';
import { now } from '../telemetry/time.js';
import { type KeptResult, PendingTask, type TaskListener } from './pending-task.js';
import type { Profile } from './profile.js';
import type { TaskKey } from './task-keys.js';

let last = 0;

/** What a task is made of, apart from its arguments. */
export interface TaskPlan<O> {
  readonly key: TaskKey;
  readonly listener: TaskListener<O>;
  readonly owner: O;
  readonly inMap?: boolean;
  readonly stays?: boolean;
  /** The parent of its `mirai` span; the active context by default. */
  readonly parent?: Context | undefined;
  /** Given by the user: under it the task is evaluated once at most. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Copies the arguments.
 *
 * @throws MiraiError if they cannot be copied
 */
export function pack(profile: Profile, args: readonly unknown[], transfer: readonly object[]): Packed {
  try {
    return packArguments(args, transfer, profile.options.engine.shares);
  } catch (cause) {
    const [why] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new MiraiError(`the arguments of the task cannot be copied: ${why}`, { cause });
  }
}

/** Makes a task, with its `mirai` span. */
export function createTask<O>(profile: Profile, packed: Packed, plan: TaskPlan<O>): PendingTask<O> {
  const { key, listener, owner, inMap = false, stays = false, parent, idempotencyKey } = plan;
  const id = ++last;
  const call = profile.telemetry.call(id, parent);
  return new PendingTask({
    id,
    key,
    packed,
    submitted: now(),
    retries: profile.options.retries,
    inMap,
    stays,
    span: call?.span,
    trace: call?.carrier,
    // What everywhere() runs takes no part in it: the streams would depend on the number of daemons.
    random: stays ? undefined : profile.random?.next(),
    kept: keptResult(profile, stays, idempotencyKey),
    listener,
    owner,
  });
}

function keptResult(profile: Profile, stays: boolean, given: string | undefined): KeptResult | undefined {
  if (given !== undefined) return { key: given, once: true };
  return profile.keeps === 'everything' && !stays ? { key: randomUUID(), once: false } : undefined;
}
