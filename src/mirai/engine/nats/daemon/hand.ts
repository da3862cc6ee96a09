import type { LocalProfile } from '../../../host/local-profile.js';
import type { PendingTask } from '../../../host/pending-task.js';
import type { Origin } from '../../../telemetry/relay.js';
import type { Slot } from '../wire/parts.js';
import type { TaskHead } from '../wire/task.js';
import type { Delivery } from './delivery.js';
import { HeldTask } from './held-task.js';
import { Turns } from './turns.js';

/**
 * How long a task runs, in ms, before its host is told if that was not to be expected, and before others may have those that wait
 * behind it.
 */
const patience = 10;

/** How many ms of tasks a slot may have waiting, how many tasks, and how many bytes of their messages. */
const aheadTime = 3;
const mostAhead = 1024;
const mostBytes = 16 * 1024 * 1024;

/** What a task takes at least, in ms, its message included. */
const shortest = 0.003;

/** How many ms a task may wait that came directly: its host takes it for lost when it hears nothing for some seconds. */
const longestWait = 1000;

/** Up to how many ms a task may take so that one more waits for it, and the slot need not wait for the server. */
const worthWaiting = 20;

interface HandEvents {
  /** The host of the task may be told that it runs. */
  readonly started: (held: HeldTask) => void;
  /** All slots have tasks that turned out to be long. */
  readonly full: () => void;
  /** Tasks wait behind such ones, or for longer than they may. */
  readonly stuck: () => void;
}

/** The tasks that a daemon has: how many more there is room for, and what is told of them while they run. */
export class Hand {
  readonly #slots: () => LocalProfile;
  readonly #on: HandEvents;
  readonly #held = new Map<string, HeldTask>();
  /** Those that have ended, and of which their host does not know. */
  readonly #unconfirmed = new Map<string, HeldTask>();
  readonly #turns = new Turns(() => this.#slots().load.idle > 0);
  #preparing = 0;
  /** Whether all slots have tasks that turned out to be long. */
  #isStuck = false;
  #timer: NodeJS.Timeout | undefined;
  #onChange: (() => void) | undefined;
  /** Of the time that a task takes, in ms; unknown at first. */
  #average = Number.POSITIVE_INFINITY;
  /** Of the bytes of a message, with no less of those that are larger. */
  #size = 1;

  constructor(slots: () => LocalProfile, on: HandEvents) {
    this.#slots = slots;
    this.#on = on;
  }

  /** How many more tasks may come: one for each free slot, and some more where they take no time. */
  get room(): number {
    const { idle, waiting } = this.#slots().load;
    return idle + this.#ahead - waiting - this.#preparing;
  }

  /** How many slots have nothing to do, and will have nothing to do by what has come. */
  get free(): number {
    const { idle, waiting } = this.#slots().load;
    return Math.max(0, idle - waiting - this.#preparing);
  }

  /** Whether all slots are busy, and will be for long. */
  get isFull(): boolean {
    return this.#isStuck && this.room <= 0;
  }

  /** There may be less to do than before. */
  changed(): void {
    this.#turns.next();
    this.#onChange?.();
  }

  /** Resolves when a slot is free for the task, or when the task is not wanted any more. */
  turn(held: HeldTask): Promise<void> {
    this.#lookLater();
    return this.#turns.wait(held);
  }

  /** Resolves when there are none, and the slots have nothing else to do either. */
  async empty(): Promise<void> {
    while (this.#held.size > 0 || this.#slots().isBusy) {
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
    }
  }

  /** It has ended; the stream keeps it until its host knows. */
  tell(held: HeldTask): void {
    this.#unconfirmed.set(keyOf(held.head.host, held.head.id), held);
  }

  confirmed(held: HeldTask): void {
    this.#unconfirmed.delete(keyOf(held.head.host, held.head.id));
    held.delivery.ack();
  }

  /** The stream is to keep them from others. */
  tellOfWork(): void {
    for (const held of this.#held.values()) held.delivery.working();
    for (const held of this.#unconfirmed.values()) held.delivery.working();
  }

  get all(): Iterable<HeldTask> {
    return this.#held.values();
  }

  find(host: string, id: number): HeldTask | undefined {
    return this.#held.get(keyOf(host, id));
  }

  /** @returns `undefined` where it has the task already */
  add(head: TaskHead, delivery: Delivery): HeldTask | undefined {
    const key = keyOf(head.host, head.id);
    const known = this.#held.get(key) ?? this.#unconfirmed.get(key);
    if (known) {
      // What is said of it is said of the last delivery.
      known.delivery = delivery;
      return undefined;
    }
    const held = new HeldTask(head, delivery);
    const { length } = delivery.bytes;
    this.#size = length > this.#size ? length : this.#size * 0.9 + length * 0.1;
    this.#held.set(key, held);
    this.#preparing++;
    return held;
  }

  /** A slot may have it from now on. */
  submit(held: HeldTask, task: PendingTask): void {
    this.#preparing--;
    held.task = task;
    this.#slots().submit(task);
    if (held.isRunning && this.#average >= patience) this.#tell(held);
    this.#turns.next();
    this.#lookLater();
  }

  /** Those that wait behind tasks which turned out to be long. */
  stuck(): HeldTask[] {
    return this.#isStuck ? this.waiting() : [];
  }

  /** What no slot has in hand. */
  waiting(): HeldTask[] {
    return [...this.#held.values()].filter((held) => held.isQueued || this.#turns.has(held));
  }

  /** Of those that came directly, the ones whose turn does not come soon. */
  overdue(): HeldTask[] {
    const late = performance.now() - longestWait;
    const isOverdue = (held: HeldTask) => held.isDirect && (this.#isStuck || held.since < late);
    return [...this.#held.values()].filter((held) => held.isQueued && isOverdue(held));
  }

  /** The daemon has it no more. @returns whether it had */
  over(held: HeldTask, ran?: number): boolean {
    if (held.isOver) return false;
    held.isOver = true;
    if (!held.task) this.#preparing--;
    if (ran !== undefined) this.#isStuck = false;
    this.#held.delete(keyOf(held.head.host, held.head.id));
    if (ran !== undefined) this.#learn(ran);
    this.changed();
    return true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Quick to believe that tasks are short: the first of a kind takes long because its module is loaded. */
  #learn(ran: number): void {
    const weight = ran < this.#average ? 0.5 : 0.1;
    this.#average = this.#average > 1e6 ? ran : this.#average * (1 - weight) + ran * weight;
  }

  get #ahead(): number {
    if (this.#average > worthWaiting || this.#isStuck) return 0;
    const inTime = Math.ceil(aheadTime / Math.max(this.#average, shortest));
    const inMemory = Math.ceil(mostBytes / this.#size);
    return this.#slots().connections.size * Math.min(inTime, inMemory, mostAhead);
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    const waiting: HeldTask[] = [];
    let [running, stuck] = [0, 0];
    for (const held of this.#held.values()) {
      if (held.isWaiting || this.#turns.has(held)) waiting.push(held);
      if (!held.isRunning) continue;
      running++;
      held.seenRunning ??= now;
      if (now - held.seenRunning >= Math.max(patience, 2 * Math.min(this.#average, worthWaiting))) stuck++;
      if (!held.isTold) this.#tell(held);
    }
    const slots = this.#slots();
    const { size } = slots.connections;
    // Where some slot still ends its tasks, those that wait get their turn.
    this.#isStuck = stuck >= size;
    if (this.#isStuck) this.#on.full();
    const isLate = ({ isDirect, since }: HeldTask) => isDirect && now - since > longestWait;
    if (waiting.length > 0 && (this.#isStuck || waiting.some(isLate))) {
      slots.recallStale();
      this.#on.stuck();
    }
    if (waiting.length > 0 || (running >= size && !this.#isStuck)) this.#lookLater();
  }

  #tell(held: HeldTask): void {
    held.isTold = true;
    this.#on.started(held);
  }

  #lookLater(): void {
    this.#timer ??= setTimeout(() => this.#look(), patience);
  }
}

function keyOf(host: string, id: number): string {
  return `${host} ${id}`;
}

/** A slot as messages name it. */
export function slotOf({ id, pid, threadId, connect }: Origin): Slot {
  return { id, pid, threadId, ...(connect && { connect }) };
}
