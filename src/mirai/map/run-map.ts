import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { DomainPromise } from '../../domain/domain-promise.js';
import { MiraiInterrupt } from '../errors.js';
import { createTask, pack } from '../host/create-task.js';
import { interrupted, type PendingTask, type TaskListener } from '../host/pending-task.js';
import type { Profile } from '../host/profile.js';
import type { TaskKey } from '../host/task-keys.js';
import { handled } from '../mirai.js';
import type { MapControl } from '../mirai-map.js';
import type { MapProgress, MiraiMapOptions } from '../options.js';
import { Collection } from './collection.js';
import { readItem } from './map-scope.js';

/** How many elements are in flight at most, for each daemon and in all, of items that are there and of ones that come. */
const inFlight = { sync: { each: 256, least: 1024 }, async: { each: 16, least: 16 } };

type Items<T> = Iterable<T> | AsyncIterable<T>;

/** Reads items and submits an element for each, as many at a time as are good for the daemons. */
export class MapRun<T, R> implements MapControl<R>, TaskListener<number> {
  readonly collection = new Collection<R>();
  readonly over: DomainPromise<void>;
  readonly #profile: Profile;
  readonly #key: TaskKey;
  readonly #options: MiraiMapOptions<unknown[]>;
  readonly #onChange: (progress: MapProgress) => void;
  readonly #settleOver;
  readonly #span;
  readonly #parent;
  readonly #running = new Map<number, PendingTask>();
  readonly #fractions = new Map<number, number>();
  #total: number | undefined;
  #keepsGoing = false;
  /** No more items are read. */
  #isStopped = false;
  #isCancelled = false;
  #isOver = false;
  #partial = 0;
  #stopReading: (() => void) | undefined;

  constructor(
    profile: Profile,
    key: TaskKey,
    options: MiraiMapOptions<unknown[]>,
    onChange: (progress: MapProgress) => void,
  ) {
    this.#profile = profile;
    this.#key = key;
    this.#options = options;
    this.#onChange = onChange;
    const { promise, ...settle } = DomainPromise.withResolvers<void>();
    this.over = promise;
    handled(promise);
    this.#settleOver = settle;
    this.#span = profile.telemetry.startMap();
    const active = context.active();
    this.#parent = isSpanContextValid(this.#span.spanContext()) ? trace.setSpan(active, this.#span) : active;
  }

  /** Reads the items; returns when the first of them have been submitted, as far as they are there. */
  start(items: Items<T>): void {
    const { signal } = this.#options;
    if (signal) {
      const abort = () => void this.cancel(signal.reason);
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      const release = () => signal.removeEventListener('abort', abort);
      void this.over.then(release, release);
    }
    if (Array.isArray(items)) this.#total = items.length;
    if (Symbol.asyncIterator in items) void this.#readAsync(items[Symbol.asyncIterator]());
    else this.#read(items[Symbol.iterator]());
  }

  keepGoing(): void {
    this.#keepsGoing = true;
  }

  cancel(reason: unknown): boolean[] {
    this.#isCancelled = true;
    const { collection } = this;
    const cancelled = Array.from({ length: collection.length }, (_, index) => this.#running.has(index));
    const unread = collection.isClosed ? 0 : Math.max(0, (this.#total ?? 0) - collection.length);
    if (!collection.isClosed) collection.interrupted = { reason: interruptedMap(reason) };
    this.#stop();
    for (const task of [...this.#running.values()]) {
      this.#profile.cancel(task, interrupted(task.submission.id, reason));
    }
    return [...cancelled, ...Array.from({ length: unread }, () => true)];
  }

  #read(iterator: Iterator<T>): void {
    const { each, least } = inFlight.sync;
    const most = () => Math.max(least, each * this.#profile.size);
    let isReading = false;
    this.#stopReading = () => void iterator.return?.();
    this.#next = () => {
      if (isReading) return;
      isReading = true;
      try {
        while (!this.#isStopped && this.#running.size < most()) {
          const { done, value } = readItem(() => iterator.next());
          if (done) return this.#end();
          this.#submit(value);
        }
      } catch (error) {
        this.#fail(error);
      } finally {
        isReading = false;
      }
    };
    this.#next();
  }

  async #readAsync(iterator: AsyncIterator<T>): Promise<void> {
    const { each, least } = inFlight.async;
    this.#stopReading = () => void Promise.resolve(iterator.return?.()).catch(() => undefined);
    try {
      while (!this.#isStopped) {
        if (this.#running.size >= Math.max(least, each * this.#profile.size)) await this.collection.change();
        else {
          const { done, value } = await readItem(() => iterator.next());
          if (this.#isStopped) return;
          if (done) return this.#end();
          this.#submit(value);
        }
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Reads on, where items are there. */
  #next: () => void = () => undefined;

  #submit(item: T): void {
    const { collection } = this;
    const index = collection.length++;
    const { args = [], transfer = [], timeout } = this.#options;
    const moved = transfer.filter(
      (part) => part === item || (ArrayBuffer.isView(item) && part === item.buffer),
    );
    try {
      const packed = pack(this.#profile, [item, ...args], moved);
      const plan = { key: this.#key, inMap: true, parent: this.#parent, listener: this, owner: index };
      const task = createTask(this.#profile, packed, plan);
      this.#running.set(index, task);
      if (timeout !== undefined) task.watch(timeout, undefined, (error) => this.#profile.cancel(task, error));
      this.#profile.submit(task);
    } catch (error) {
      // Not before the caller has the map, of which all outcomes may be wanted.
      queueMicrotask(() => this.rejected(index, error));
    }
  }

  resolved(index: number, value: unknown): void {
    this.collection.resolve(index, value as R); // cast: the task says what it returns
    this.#ended(index);
  }

  rejected(index: number, error: unknown): void {
    this.collection.reject(index, error);
    this.#ended(index);
  }

  progressed(index: number, fraction: number): void {
    const before = this.#fractions.get(index) ?? 0;
    if (fraction === before) return;
    if (fraction === 0) this.#fractions.delete(index);
    else this.#fractions.set(index, fraction);
    this.#partial += fraction - before;
    if (fraction > 0) this.#tell();
  }

  #ended(index: number): void {
    this.#running.delete(index);
    this.progressed(index, 0);
    this.#tell();
    if (this.collection.firstFailure && !this.#keepsGoing && !this.#isCancelled) {
      this.cancel('another element failed');
    }
    this.#settle();
    this.#next();
  }

  #tell(): void {
    const partial = this.#fractions.size > 0 ? this.#partial : 0;
    this.#onChange({ done: this.collection.ended, total: this.#total, partial });
  }

  /** There are no more items. */
  #end(): void {
    this.#total = this.collection.length;
    this.#isStopped = true;
    this.collection.close();
    this.#settle();
  }

  #fail(error: unknown): void {
    this.collection.broken = { reason: error };
    this.#stopReading = undefined;
    this.cancel(error);
    this.#stop();
  }

  /** No more items are read. */
  #stop(): void {
    if (this.collection.isClosed) return;
    this.#isStopped = true;
    this.collection.close();
    try {
      this.#stopReading?.();
    } catch {
      // What the items have to say to that comes too late.
    }
    this.#settle();
  }

  #settle(): void {
    if (!this.collection.isOver || this.#isOver) return;
    this.#isOver = true;
    this.#span.end();
    const { broken } = this.collection;
    if (broken) this.#settleOver.reject(broken.reason);
    else this.#settleOver.resolve();
  }
}

function interruptedMap(reason: unknown): MiraiInterrupt {
  return new MiraiInterrupt('the map was cancelled', reason === undefined ? {} : { cause: reason });
}
