import type { PendingTask } from '../../../host/pending-task.js';
import type { Carrier } from '../../../protocol/messages.js';
import type { LargeValue, LargeValues } from '../large-values.js';
import { toFrame } from '../wire/frame.js';
import type { TaskHead } from '../wire/task.js';
import { sizeOf, toWire, type WireValue } from '../wire/value.js';
import { checkHead, checkSource } from './check-head.js';

/** A task as a message. */
export interface TaskMessage {
  readonly bytes: Uint8Array;
  readonly trace: Carrier | undefined;
  readonly large: LargeValue | undefined;
}

/** What a message says beyond what the task does. */
export interface Circumstances {
  /** How many `everywhere()` come before it. */
  readonly epoch: number;
  readonly deliveries: number;
  readonly cleanup: boolean | undefined;
}

/** Makes messages of tasks. */
export class TaskMessages {
  readonly #host: string;
  readonly #large: LargeValues;

  constructor(host: string, large: LargeValues) {
    this.#host = host;
    this.#large = large;
  }

  /** @returns a promise where the arguments have to be stored first. @throws MiraiError if it cannot be sent */
  ofTask({ submission }: PendingTask, circumstances: Circumstances): TaskMessage | Promise<TaskMessage> {
    const { id, key, packed, submitted, retries, inMap, trace, random, kept } = submission;
    const value = toWire(packed.payload);
    const { epoch, deliveries, cleanup } = circumstances;
    // One literal: there is one for each task, and made of others by spreading it takes forty times as long.
    const head: TaskHead = {
      v: 1,
      kind: 'task',
      host: this.#host,
      id,
      form: value.form,
      source: key.source,
      submitted,
      epoch,
      retries: Math.min(retries, Number.MAX_SAFE_INTEGER), // JSON has no infinity
      deliveries,
      inMap: inMap || undefined,
      cleanup: cleanup || undefined,
      random: random as TaskHead['random'], // cast: the state of the one generator there is
      key: kept?.key,
      once: kept?.once || undefined,
    };
    return this.#finish(`task.${this.#host}.${id}`, head, value, trace);
  }

  #finish(
    name: string,
    head: TaskHead,
    value: WireValue,
    trace: Carrier | undefined,
  ): TaskMessage | Promise<TaskMessage> {
    const size = sizeOf(value);
    const { source } = head;
    checkSource(source);
    const rest = source.kind === 'source' ? 2 * source.source.length : 0;
    if (!this.#large.isLarge(size, rest)) {
      const bytes = toFrame(head, value.body);
      checkHead(bytes.length - size);
      return { bytes, trace, large: undefined };
    }
    checkHead(toFrame(head).length);
    this.#large.check('the arguments of the task', size);
    return this.#large
      .put(name, value.body)
      .then((large) => ({ bytes: toFrame({ ...head, large }), trace, large }));
  }
}
