import { MiraiError } from '../../../errors.js';
import type { PendingTask } from '../../../host/pending-task.js';
import type { Carrier } from '../../../protocol/messages.js';
import type { LargeValue, LargeValues } from '../large-values.js';
import { longestHead, toFrame } from '../wire/frame.js';
import { type EverywhereHead, longestName, longestUrl, type TaskHead } from '../wire/task.js';
import { sizeOf, toWire, type WireValue } from '../wire/value.js';

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

  /** The parts of `everywhere()` of one daemon. */
  ofParts(
    [first, ...others]: readonly [PendingTask, ...PendingTask[]],
    ids: readonly number[],
    epoch: number,
  ) {
    const { id, key, packed, submitted } = first.submission;
    const value = toWire(packed.payload);
    const traces = [first, ...others]
      .map(({ submission }) => submission.trace)
      .filter((trace) => trace !== undefined);
    const head: EverywhereHead = {
      ...{
        v: 1,
        kind: 'everywhere',
        host: this.#host,
        ids: [...ids],
        form: value.form,
        source: key.source,
        submitted,
        epoch,
      },
      ...(traces.length > 0 && { traces }),
    };
    return this.#finish(`everywhere.${this.#host}.${id}`, head, value, undefined);
  }

  #finish(
    name: string,
    head: TaskHead | EverywhereHead,
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

// What daemons do not take for a task they drop, and its host would wait for ever.

/** @throws MiraiError if its names are not as daemons want them */
function checkSource(source: TaskHead['source']): void {
  if (source.kind === 'source') return;
  const { url, name } = source;
  if (url.length <= longestUrl && name.length >= 1 && name.length <= longestName) return;
  throw new MiraiError(
    `the task cannot be sent: the URL of a module may have ${longestUrl} characters (got ${url.length}), and the name of an export 1 to ${longestName} characters (got ${name.length})`,
  );
}

/** @throws MiraiError if it is longer than what daemons read */
function checkHead(bytes: number): void {
  if (bytes < longestHead) return;
  throw new MiraiError(
    `the task cannot be sent: what it is apart from its arguments, such as the source of its function, takes ${bytes} bytes of at most ${longestHead}`,
  );
}
