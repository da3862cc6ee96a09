import { diag } from '@opentelemetry/api';
import * as v from 'valibot';
import { MiraiError, MiraiInterrupt } from '../../../errors.js';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { EndOfTask } from '../../../host/pending-task.js';
import type { Origin } from '../../../telemetry/relay.js';
import { fromFrame } from '../wire/frame.js';
import { type TaskHead, taskHead } from '../wire/task.js';
import type { Delivery } from './delivery.js';
import { slotOf } from './hand.js';
import type { HeldTask } from './held-task.js';
import { Preparation, type PreparationParts } from './preparation.js';
import type { Report } from './reports.js';
import type { Underway } from './underway.js';

/** In how many ms a task comes again at most that was given back again and again. */
const longestPause = 1000;

/** How long it may take to release the key of a task while the daemon leaves, in ms. */
const farewell = 10_000;

interface Parts extends PreparationParts {
  /** The ends of tasks of which hosts are about to be told. */
  readonly reporting: Underway;
  readonly slots: () => LocalProfile;
  /** How many more tasks may come. */
  readonly room: () => number;
  /** Whether the daemon takes no more tasks; some may be on their way. */
  readonly isLeaving: () => boolean;
  /** A task has come, is over, or was given back without having been run. */
  readonly on: { took(): void; ended(): void; gaveBack(): void };
}

/** One that comes back again and again is wanted by nobody who is busy. @returns in ms */
function backOff(count: number): number | undefined {
  return count === 2 ? undefined : Math.min(longestPause, 10 * 2 ** (count - 2));
}

/** Runs the tasks that come: nothing in a message is used before it is known to be what it must be. */
export class Work {
  readonly #parts: Parts;
  readonly #preparation: Preparation;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#preparation = new Preparation(parts, {
      resolved: () => undefined,
      rejected: (held, error) => this.#notRun(held, error),
      progressed: ({ head }, fraction) =>
        parts.reports.tell(head.host, { kind: 'progress', id: head.id, fraction }),
      ended: (held, end, by) => parts.reporting.add(this.#ended(held, end, by)),
    });
  }

  take(delivery: Delivery): void {
    let head: TaskHead;
    let body: Uint8Array;
    try {
      const frame = fromFrame(delivery.bytes);
      head = v.parse(taskHead, frame.head);
      body = frame.body;
    } catch (error) {
      diag.warn('mirai: a message that is no task was dropped', error);
      delivery.drop();
      return;
    }
    const { hand, hosts, on, isLeaving } = this.#parts;
    if (isLeaving()) {
      delivery.giveBack(head.host, head.id);
      return;
    }
    if (hosts.wasCancelled(head.host, head.id)) {
      delivery.ack();
      return;
    }
    if (delivery.sequence === undefined && this.#parts.room() <= 0) {
      delivery.giveBack(head.host, head.id);
      return;
    }
    const held = hand.add(head, delivery);
    if (!held) return; // it is at it already, or has said how it ended
    on.took();
    void this.#begin(held, body);
  }

  async #begin(held: HeldTask, body: Uint8Array): Promise<void> {
    const prepared = await this.#preparation.of(held, body);
    if (!held.isWanted) return;
    if (prepared.kind === 'run') this.#parts.hand.submit(held, prepared.task);
    else if (prepared.kind === 'end') this.#report(held, prepared.report);
    else this.giveBack(held, prepared.ms);
  }

  /** Tells the host that the task runs. */
  started(held: HeldTask): void {
    const { head, delivery } = held;
    const slot = this.#slotOf(held);
    this.#parts.reports.tell(head.host, { kind: 'started', id: head.id, delivery: delivery.count, slot });
  }

  giveBack(held: HeldTask, ms = backOff(held.delivery.count + 1)): void {
    const { hand, slots, on, keyed, isLeaving } = this.#parts;
    if (!held.isWanted) return;
    held.isReturning = true;
    const since = performance.now();
    const mayLast = () => !isLeaving() || performance.now() - since < farewell;
    const released = held.isUnbegun && held.claim ? keyed.release(held, mayLast) : undefined;
    if (held.task) slots().cancel(held.task, new MiraiError('the task was given back'));
    const go = () => {
      if (!hand.over(held)) return;
      held.delivery.giveBack(held.head.host, held.head.id, ms);
      on.gaveBack();
    };
    // Until then the stream keeps it from others, who would take it for one that was begun and lost.
    if (released) void released.then(go);
    else go();
  }

  /** @param ids all tasks of the host where there are none */
  cancelled(host: string, ids: readonly number[] | undefined): void {
    const { hand, hosts } = this.#parts;
    if (!ids) for (const held of [...hand.all]) if (held.head.host === host) this.#cancel(held);
    for (const id of ids ?? []) {
      const held = hand.find(host, id);
      if (held) this.#cancel(held);
      else hosts.cancelled(host, id);
    }
  }

  #cancel(held: HeldTask): void {
    this.#parts.keyed.cancelled(held);
    if (held.task && !held.isReturning)
      this.#parts.slots().cancel(held.task, new MiraiInterrupt('the task was cancelled'));
    else this.#over(held, true);
  }

  async #ended(held: HeldTask, end: EndOfTask, by: Origin): Promise<void> {
    const { hand, reports, keyed, on } = this.#parts;
    const { key } = held.head;
    if (!hand.over(held, end.ran)) return;
    hand.tell(held);
    on.ended();
    let report = reports.ended(held.head, end, slotOf(by));
    if (report instanceof Promise) report = await report;
    if (key !== undefined) await keyed.keep(held, end.kind, report);
    this.#send(held, report);
  }

  /** Its slot was lost, or it was cancelled. */
  #notRun(held: HeldTask, error: unknown): void {
    if (held.isReturning) return;
    const { head } = held;
    const { keyed, reporting } = this.#parts;
    // Not wanted any more, or in the hands of others by now.
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'daemonLost') {
      this.#over(held, true);
      return;
    }
    const { message } = error;
    // The slots were gone before it came to them.
    if (!held.task?.ticket) {
      this.giveBack(held);
      return;
    }
    const report = { head: { kind: 'lost', id: head.id, message }, body: '' };
    reporting.add(keyed.lost(held, message).then(() => this.#report(held, report)));
  }

  #report(held: HeldTask, report: Report): void {
    if (!this.#over(held, false)) return;
    this.#parts.hand.tell(held);
    this.#send(held, report);
  }

  /** The stream has the task until its host has the end of it. */
  #send(held: HeldTask, report: Report): void {
    const { reports, hand } = this.#parts;
    reports.sendEnd(held.head, report, () => hand.confirmed(held));
  }

  #over(held: HeldTask, ack: boolean): boolean {
    if (!this.#parts.hand.over(held)) return false;
    if (ack) held.delivery.ack();
    this.#parts.on.ended();
    return true;
  }

  #slotOf({ task }: HeldTask) {
    const daemon = task?.ticket?.daemon;
    const connection = daemon === undefined ? undefined : this.#parts.slots().connections.get(daemon);
    return connection && slotOf(connection);
  }
}
