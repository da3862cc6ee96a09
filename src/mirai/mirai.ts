import { DomainPromise, hiddenThen } from '../domain/domain-promise.js';
import { check } from '../errors.js';
import { MiraiInterrupt } from './errors.js';
import { createTask, pack } from './host/create-task.js';
import { interrupted, type PendingTask, type TaskListener } from './host/pending-task.js';
import type { Profile } from './host/profile.js';
import type { MiraiOptions } from './options.js';
import { profileFor } from './profiles.js';
import type { Packed } from './protocol/codec.js';
import { type Task, taskKey } from './tasks.js';

/** What a `Mirai` and its task have in common. */
interface Handle {
  readonly promise: DomainPromise<unknown>;
  readonly profile: Profile;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  task: PendingTask<Handle> | undefined;
  data: unknown;
}

/**
 * The promise of the result of a task.
 *
 * It rejects with `MiraiError` if the task fails, `MiraiInterrupt` if it was cancelled or its daemons were reset,
 * `MiraiTimeout` if it was not done in time, and `DaemonLost` if its daemon was lost while it ran. A rejection by
 * `MiraiInterrupt` need not be handled.
 *
 * Source: `mirai()` of the R package `mirai`.
 */
export class Mirai<T> extends DomainPromise<T> {
  /** What `then()` returns is no mirai any more. */
  static override get [Symbol.species]() {
    return DomainPromise;
  }

  #handle: Handle | undefined;

  /** @internal */
  static handle(promise: Mirai<unknown>, handle: Handle): void {
    promise.#handle = handle;
  }

  /** `mirai.id` of its spans, unique in the process; 0 where the arguments could not be copied, and there is no task. */
  get id(): number {
    return this.#handle?.task?.submission.id ?? 0;
  }

  /** Under which the engine keeps its result, where it does: the `idempotencyKey`, or one that was made up. */
  get key(): string | undefined {
    return this.#handle?.task?.submission.kept?.key;
  }

  /** Whether the task waits, runs, or is over: then the promise has settled. */
  get state(): 'awaiting' | 'executing' | 'resolved' {
    return this.#handle?.task?.state ?? 'resolved';
  }

  /** The result, once it is there; `undefined` before, and where the promise rejects. */
  get data(): T | undefined {
    return this.#handle?.data as T | undefined; // cast: what it was resolved with
  }

  /**
   * Rejects the promise with `MiraiInterrupt`. A task that waits never runs; one that runs is told by its signal, and is
   * broken off if that does not end it.
   *
   * @param reason becomes the `cause` of the error
   * @returns whether it had not settled before
   */
  cancel(reason?: unknown): boolean {
    const { task, profile } = this.#handle ?? {};
    return task !== undefined && profile?.cancel(task, interrupted(task.submission.id, reason)) === true;
  }
}

/**
 * Evaluates a task on a daemon. Without daemons it gets one of its own, in a thread that ends with it.
 *
 * @param task a task of `importTasks()`, or a self-contained function
 * @param args its arguments; they are copied now, except what `options.transfer` moves
 * @throws TypeError, RangeError if an argument is not what it must be; what goes wrong later rejects the promise
 *
 * Source: `mirai()` of the R package `mirai`.
 */
export function mirai<A extends unknown[], R>(
  task: Task<A, R>,
  args: readonly [...A],
  options: MiraiOptions = {},
): Mirai<Awaited<R>> {
  const call = prepare('mirai', task, args, options);
  return submit(call);
}

/**
 * Evaluates a task on a daemon, unless it had to wait for memory (`memory` of `daemons()`).
 *
 * @returns `null` if the budget is spent; the task is dropped then, without a trace
 * @throws TypeError, RangeError if an argument is not what it must be
 *
 * Source: `try_mirai()` of the R package `mirai`.
 */
export function tryMirai<A extends unknown[], R>(
  task: Task<A, R>,
  args: readonly [...A],
  options: MiraiOptions = {},
): Mirai<Awaited<R>> | null {
  const call = prepare('tryMirai', task, args, options);
  return 'bytes' in call.packed && !call.profile.admits(call.packed.bytes) ? null : submit(call);
}

interface Call {
  readonly profile: Profile;
  readonly key: ReturnType<typeof taskKey>;
  readonly packed: Packed | { readonly error: unknown };
  readonly options: MiraiOptions;
}

function prepare(where: string, task: unknown, args: unknown, options: MiraiOptions): Call {
  const key = taskKey(`${where}: task`, task);
  if (!Array.isArray(args)) check(`${where}: args`, 'array', args, 'an array');
  checkOptions(where, options);
  const profile = profileFor(where, options.compute);
  if (options.idempotencyKey !== undefined && profile.keeps === 'nothing') {
    throw new TypeError(
      `${where}: options.idempotencyKey needs an engine that keeps results, such as nats() (the engine is ${profile.options.engine.scheme})`,
    );
  }
  try {
    return { profile, key, options, packed: pack(profile, args as unknown[], options.transfer ?? []) }; // cast: checked
  } catch (error) {
    return { profile, key, options, packed: { error } };
  }
}

/** @throws TypeError or RangeError that names the option */
export function checkOptions(where: string, options: MiraiOptions): void {
  check(`${where}: options`, 'object', options, 'an object');
  const { timeout, signal, transfer, idempotencyKey } = options;
  if (idempotencyKey !== undefined) {
    const expected = 'a string of 1 to 256 characters';
    check(`${where}: options.idempotencyKey`, 'string', idempotencyKey, expected);
    if (idempotencyKey.length < 1 || idempotencyKey.length > 256) {
      throw new RangeError(
        `${where}: options.idempotencyKey must be ${expected} (got one of ${idempotencyKey.length})`,
      );
    }
  }
  if (timeout !== undefined) {
    check(`${where}: options.timeout`, 'number', timeout, 'a number of milliseconds');
    if (!(timeout >= 0 && timeout <= 2 ** 31 - 1)) {
      throw new RangeError(
        `${where}: options.timeout must be from 0 to 2147483647 milliseconds (got ${timeout})`,
      );
    }
  }
  if (signal !== undefined) {
    check(`${where}: options.signal`, 'function', signal?.addEventListener, 'an AbortSignal', signal);
  }
  if (transfer !== undefined && !Array.isArray(transfer)) {
    check(`${where}: options.transfer`, 'array', transfer, 'an array');
  }
}

function submit<T>({ profile, key, packed, options }: Call): Mirai<T> {
  if ('error' in packed) return new Mirai<T>((_, reject) => reject(packed.error));
  let settle: Pick<Handle, 'resolve' | 'reject'> | undefined;
  const promise = new Mirai<T>((resolve, reject) => {
    settle = { resolve: resolve as Handle['resolve'], reject }; // cast: the task says what it returns
  });
  const { resolve, reject } = settle as unknown as Handle; // cast: the executor has run
  const owner: Handle = { promise, profile, resolve, reject, task: undefined, data: undefined };
  const task = createTask(profile, packed, {
    ...{ key, listener, owner, idempotencyKey: options.idempotencyKey },
  });
  owner.task = task;
  Mirai.handle(promise, owner);
  const { timeout, signal } = options;
  if (timeout !== undefined || signal) task.watch(timeout, signal, (error) => profile.cancel(task, error));
  if (!task.isSettled) profile.submit(task);
  return promise;
}

const listener: TaskListener<Handle> = {
  resolved(owner, value) {
    owner.data = value;
    owner.resolve(value);
  },
  rejected({ promise, reject }, error) {
    reject(error);
    if (error instanceof MiraiInterrupt) handled(promise);
  },
};

/** A rejection that need not be handled. */
export function handled(promise: DomainPromise<unknown>): void {
  void hiddenThen(promise, ignore, ignore);
}

function ignore(): void {}
